package dev.chaski.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.chaski.tokenizer.Vocabularies.Token;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class StreamDecoderTest {
  private final BpeTokenizer bytes; // the id of a byte is its value
  private final int eot;

  StreamDecoderTest() throws TokenizerFormatException {
    bytes =
        BpeTokenizer.of(
            Vocabularies.of(List.of(), true, new Token("<|eot_id|>", TokenType.CONTROL)));
    eot = bytes.id("<|eot_id|>").orElseThrow();
  }

  @Test
  void holdsBackUntilACharacterIsComplete() {
    StreamDecoder decoder = StreamDecoder.of(bytes);
    assertThat(decoder.accept('a')).isEqualTo("a");
    assertThat(decoder.accept(0xF0)).isEmpty();
    assertThat(decoder.accept(0x9F)).isEmpty();
    assertThat(decoder.accept(0x98)).isEmpty();
    assertThat(decoder.accept(0x80)).isEqualTo("😀");
    assertThat(decoder.finish()).isEmpty();
  }

  @Test
  void showsAnUnfinishedCharacterAtTheEndAndStartsAnew() {
    StreamDecoder decoder = StreamDecoder.of(bytes);
    assertThat(decoder.accept(0xE2)).isEmpty();
    assertThat(decoder.accept(0x82)).isEmpty();
    assertThat(decoder.finish()).isEqualTo("\uFFFD");
    assertThat(decoder.accept('b')).isEqualTo("b");
    assertThat(decoder.finish()).isEmpty();
  }

  @Test
  void replacesBytesThatCannotBecomeACharacterAtOnce() {
    StreamDecoder decoder = StreamDecoder.of(bytes);
    assertThat(decoder.accept(0xFF)).isEqualTo("\uFFFD");
    assertThat(decoder.accept(0xE2)).isEmpty();
    assertThat(decoder.accept('x')).isEqualTo("\uFFFDx");
  }

  @Test
  void keepsOrLeavesOutSpecialTokens() {
    StreamDecoder keeping = StreamDecoder.of(bytes);
    assertThat(keeping.accept(eot)).isEqualTo("<|eot_id|>");
    StreamDecoder without = StreamDecoder.withoutSpecial(bytes);
    assertThat(without.accept(0xC3)).isEmpty();
    assertThat(without.accept(eot)).isEmpty();
    assertThat(without.accept(0xA9)).isEqualTo("é");
    StreamDecoder some = StreamDecoder.withSpecial(bytes, id -> id == eot);
    assertThat(some.accept(eot)).isEqualTo("<|eot_id|>");
  }

  @Test
  void refusesUnknownIdsAndGoesOn() {
    StreamDecoder decoder = StreamDecoder.of(bytes);
    assertThat(decoder.accept(0xC3)).isEmpty();
    assertThatThrownBy(() -> decoder.accept(bytes.vocabSize()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("257");
    assertThat(decoder.accept(0xA9)).isEqualTo("é");
  }

  @Test
  void piecesTogetherAreTheWholeForRandomBytes() {
    // Bytes that begin, continue and break characters in every way are much likelier than chance.
    int[] tricky = {
      'a', 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0, 0xC1, 0xC2, 0xDF, 0xE0, 0xE1, 0xED, 0xEE,
      0xEF, 0xF0, 0xF1, 0xF3, 0xF4, 0xF5, 0xF8, 0xFF
    };
    Random random = new Random(7);
    for (int round = 0; round < 50_000; round++) {
      int[] ids = new int[random.nextInt(12)];
      for (int i = 0; i < ids.length; i++) {
        ids[i] = tricky[random.nextInt(tricky.length)];
      }
      checkPieces(bytes, ids);
    }
  }

  @Test
  void piecesTogetherAreTheWholeForRandomTokens() {
    BpeTokenizer cria = Vocabularies.cria();
    Random random = new Random(8);
    for (int round = 0; round < 5_000; round++) {
      checkPieces(cria, random.ints(random.nextInt(40), 0, cria.vocabSize()).toArray());
    }
  }

  @Test
  void longTokensFit() throws TokenizerFormatException {
    String name = "<|" + "é".repeat(5000) + "|>";
    BpeTokenizer tokenizer =
        BpeTokenizer.of(Vocabularies.of(List.of(), true, new Token(name, TokenType.USER_DEFINED)));
    checkPieces(tokenizer, new int[] {0xE2, 0x82, 256, 'a', 256});
  }

  private static void checkPieces(BpeTokenizer tokenizer, int[] ids) {
    StreamDecoder decoder = StreamDecoder.of(tokenizer);
    StringBuilder pieces = new StringBuilder();
    for (int id : ids) {
      String piece = decoder.accept(id);
      assertThat(piece.isEmpty() || !Character.isHighSurrogate(piece.charAt(piece.length() - 1)))
          .isTrue();
      pieces.append(piece);
    }
    pieces.append(decoder.finish());
    byte[] all = new byte[0];
    for (int id : ids) {
      byte[] token = tokenizer.bytes(id);
      byte[] longer = Arrays.copyOf(all, all.length + token.length);
      System.arraycopy(token, 0, longer, all.length, token.length);
      all = longer;
    }
    assertThat(pieces)
        .hasToString(new String(all, StandardCharsets.UTF_8))
        .hasToString(tokenizer.decode(ids));
  }
}
