package dev.chaski.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.chaski.tokenizer.Vocabularies.Token;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BpeVocabularyFaultsTest {
  @Test
  void noTokens() {
    refused(new BpeVocabulary(List.of(), List.of(), List.of(), true))
        .hasMessageStartingWith("tokens: no token \"Ā\" for the byte 0x00");
  }

  @Test
  void aByteWithoutToken() {
    List<String> tokens = Vocabularies.bytes();
    tokens.set(' ', "");
    refused(new BpeVocabulary(tokens, normal(256), List.of(), true))
        .hasMessageContaining("no token \"Ġ\" for the byte 0x20");
  }

  @Test
  void typesAndTokensDiffer() {
    refused(new BpeVocabulary(Vocabularies.bytes(), normal(255), List.of(), true))
        .hasMessage("token types: 255 types for 256 tokens; expected one for each");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "ab", "a ", " b", "a b ", "a  b", "a b c"})
  void mergeThatIsNotTwoTokens(String merge) {
    refused(new BpeVocabulary(Vocabularies.bytes(), normal(256), List.of(merge), true))
        .hasMessage("merges[0]: \"" + merge + "\"; expected two tokens separated by one space");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a xyz", "xyz a", "c d", "日 a"})
  void mergeOfUnknownTokens(String merge) {
    List<String> tokens = Vocabularies.bytes();
    tokens.add("ab");
    String unknown = merge.equals("c d") ? "cd" : merge.contains("日") ? "日" : "xyz";
    refused(new BpeVocabulary(tokens, normal(257), List.of("a b", merge), true))
        .hasMessage("merges[1]: token \"" + unknown + "\" is not in the vocabulary");
  }

  @Test
  void theFirstOfManyFaultsIsReported() {
    List<String> merges = new ArrayList<>(Collections.nCopies(100_000, "a b"));
    merges.set(70_000, "third");
    merges.set(40_000, "second");
    merges.set(20_000, "first");
    List<String> tokens = Vocabularies.bytes();
    tokens.add("ab");
    refused(new BpeVocabulary(tokens, normal(257), merges, true))
        .hasMessageStartingWith("merges[20000]: \"first\"");
  }

  @Test
  void mergesOfTokensThatNoTextTurnsIntoHaveNoEffect() throws TokenizerFormatException {
    BpeTokenizer tokenizer =
        BpeTokenizer.of(
            new BpeVocabulary(
                Collections.unmodifiableList(withMore("日", "日a")),
                normal(258),
                List.of("日 a"),
                true));
    assertThat(tokenizer.encode("日a")).hasSize(4);
  }

  @Test
  void tooManyTokensOrMerges() {
    refused(
            new BpeVocabulary(
                Collections.nCopies(2_097_152, "a"), normal(2_097_152), List.of(), true))
        .hasMessage("tokens: 2,097,152 of them; expected at most 2,097,151");
    refused(
            new BpeVocabulary(
                Vocabularies.bytes(), normal(256), Collections.nCopies(4_194_304, "a b"), true))
        .hasMessage("merges: 4,194,304 of them; expected at most 4,194,303");
  }

  @Test
  void typesHaveTheCodesOfGguf() {
    for (TokenType type : TokenType.values()) {
      assertThat(TokenType.fromGgufCode(type.ggufCode())).contains(type);
    }
    assertThat(TokenType.fromGgufCode(3)).contains(TokenType.CONTROL);
    for (int code : new int[] {-1, 0, 7, 99}) {
      assertThat(TokenType.fromGgufCode(code)).isEmpty();
    }
  }

  @Test
  void bytesAloneAreEnough() throws TokenizerFormatException {
    BpeTokenizer tokenizer =
        BpeTokenizer.of(Vocabularies.of(List.of(), true, new Token("", TokenType.USER_DEFINED)));
    assertThat(tokenizer.decode(tokenizer.encode("any thïng"))).isEqualTo("any thïng");
  }

  private static List<String> withMore(String... more) {
    List<String> tokens = Vocabularies.bytes();
    tokens.addAll(List.of(more));
    return tokens;
  }

  private static List<TokenType> normal(int count) {
    return Collections.nCopies(count, TokenType.NORMAL);
  }

  private static AbstractThrowableAssert<?, ? extends Throwable> refused(BpeVocabulary vocabulary) {
    return assertThatThrownBy(() -> BpeTokenizer.of(vocabulary))
        .isInstanceOf(TokenizerFormatException.class);
  }
}
