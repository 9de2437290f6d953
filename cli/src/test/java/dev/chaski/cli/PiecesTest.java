package dev.chaski.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class PiecesTest {
  @Test
  void controlCharactersAreEscaped() {
    assertThat(quoted(" a\n\r\t\"\\\u0001\u200b\u2028\u00e9\ud83e\udd99"))
        .isEqualTo("\" a\\n\\r\\t\\\"\\\\\\u{1}\\u{200b}\\u{2028}\u00e9\ud83e\udd99\"");
  }

  @Test
  void partsOfCharactersAreBytes() {
    assertThat(Pieces.quoted(new byte[] {(byte) 0xf0, (byte) 0x9f})).isEqualTo("bytes f0 9f");
  }

  private static String quoted(String text) {
    return Pieces.quoted(text.getBytes(StandardCharsets.UTF_8));
  }
}
