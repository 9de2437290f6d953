package dev.chaski.load;

import static org.assertj.core.api.Assertions.assertThat;

import dev.chaski.tokenizer.BpeTokenizer;
import dev.chaski.tokenizer.BpeVocabulary;
import dev.chaski.tokenizer.TokenType;
import dev.chaski.tokenizer.TokenizerFormatException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StopTokensTest {
  @ParameterizedTest
  @CsvSource({
    "<|eot_id|>,      CONTROL,      true",
    "<|eom_id|>,      CONTROL,      true",
    "<|im_end|>,      CONTROL,      true",
    "<|end_of_text|>, CONTROL,      true",
    "<|eot_id|>,      UNKNOWN,      true",
    "<|im_end|>,      USER_DEFINED, true",
    "<|im_end|>,      NORMAL,       false", // the model may write it out in text
    "<|im_end|>,      UNUSED,       false",
    "<|im_start|>,    CONTROL,      false",
  })
  void areKnownByTheirSpellingAndType(String spelling, TokenType type, boolean stops)
      throws TokenizerFormatException {
    List<String> tokens = new ArrayList<>(TinyVocabulary.tokens().subList(0, 256));
    List<TokenType> types = new ArrayList<>();
    tokens.forEach(_ -> types.add(TokenType.NORMAL));
    tokens.add(spelling);
    types.add(type);
    BpeTokenizer tokenizer = BpeTokenizer.of(new BpeVocabulary(tokens, types, List.of(), true));
    assertThat(StopTokens.of(tokenizer).contains(256)).isEqualTo(stops);
  }
}
