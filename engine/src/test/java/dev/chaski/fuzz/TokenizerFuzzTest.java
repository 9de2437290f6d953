package dev.chaski.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.chaski.load.TinyVocabulary;
import dev.chaski.tokenizer.BpeTokenizer;
import dev.chaski.tokenizer.BpeVocabulary;
import dev.chaski.tokenizer.SpecialTokens;
import dev.chaski.tokenizer.StreamDecoder;
import dev.chaski.tokenizer.TokenType;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.provider.MethodSource;

/** A text from a stranger: it comes back as it was, and makes no special token unless asked to. */
class TokenizerFuzzTest {
  private static BpeTokenizer tokenizer;

  /** All bytes, some merges in a strange order, and the special tokens. */
  @BeforeAll
  static void build() throws IOException {
    List<String> tokens = new ArrayList<>(TinyVocabulary.tokens());
    List<TokenType> types =
        new ArrayList<>(Collections.nCopies(TinyVocabulary.BOS, TokenType.NORMAL));
    types.addAll(Collections.nCopies(TinyVocabulary.SIZE - TinyVocabulary.BOS, TokenType.CONTROL));
    List<String> merges =
        List.of(
            "a a", "aa a", "\u0120 a", "t h", "th e", "\u0120 the", "1 2", "12 3", "\u00c3 \u00a9");
    for (String merge : merges) {
      tokens.add(merge.replace(" ", ""));
      types.add(TokenType.NORMAL);
    }
    tokenizer = BpeTokenizer.of(new BpeVocabulary(tokens, types, merges, true));
  }

  static List<byte[]> seeds() {
    return Stream.of(
            "the aaaa 1234 can't\r\n\n  x",
            "\u00e9\ud83d\ude00\u0301<|eot_id|><|begin_of_text|>",
            " \t \u3000\u00a0\u2028")
        .map(Hostile::bytes)
        .toList();
  }

  @MethodSource("seeds")
  @FuzzTest
  void textComesBack(byte[] data) throws Exception {
    String text = Hostile.text(data);
    Hostile.use(() -> {
      int[] plain = tokenizer.encode(text);
      assertThat(tokenizer.decode(plain)).isEqualTo(text);
      assertThat(Arrays.stream(plain)).noneMatch(tokenizer::isSpecial);
      int[] parsed = tokenizer.encode(text, SpecialTokens.PARSE);
      assertThat(tokenizer.decode(parsed)).isEqualTo(text);
      assertThat(tokenizer.countTokens(text)).isEqualTo(plain.length);
    });
    Hostile.use(() -> streamDecodingIsDecoding(data));
  }

  /** Ids of anything, taken from the bytes. */
  private static void streamDecodingIsDecoding(byte[] data) {
    int[] ids = new int[data.length];
    for (int i = 0; i < ids.length; i++) {
      ids[i] = Math.floorMod(data[i] * 31 + i, tokenizer.vocabSize());
    }
    StreamDecoder decoder = StreamDecoder.of(tokenizer);
    StringBuilder streamed = new StringBuilder();
    for (int id : ids) {
      streamed.append(decoder.accept(id));
    }
    streamed.append(decoder.finish());
    assertThat(streamed.toString()).isEqualTo(tokenizer.decode(ids));
  }
}
