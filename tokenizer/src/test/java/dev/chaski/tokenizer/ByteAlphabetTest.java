package dev.chaski.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ByteAlphabetTest {
  private static int spell(byte[] utf8, byte[] out) {
    return ByteAlphabet.spell(utf8, 0, utf8.length, out, 0);
  }

  @Test
  void everyByteHasALetterAndNoOtherCharacterIsOne() {
    byte[] out = new byte[4];
    Set<Integer> letters = new HashSet<>();
    for (int b = 0; b < 256; b++) {
      int letter = ByteAlphabet.letter(b);
      letters.add(letter);
      byte[] utf8 = Character.toString(letter).getBytes(StandardCharsets.UTF_8);
      assertThat(spell(utf8, out)).isEqualTo(1);
      assertThat(out[0]).isEqualTo((byte) b);
    }
    assertThat(letters).hasSize(256);
    for (int c = 0; c < Character.MIN_SURROGATE; c++) {
      byte[] utf8 = Character.toString(c).getBytes(StandardCharsets.UTF_8);
      boolean isLetter = spell(utf8, out) >= 0;
      if (isLetter != letters.contains(c)) {
        fail("U+%04X", c);
      }
    }
    assertThat(spell("😀".getBytes(StandardCharsets.UTF_8), out)).isEqualTo(-1);
  }

  @Test
  void whatIsNotUtf8SpellsNothing() {
    byte[] out = new byte[4];
    byte[][] wrong = {
      {(byte) 0xC4}, // cut
      {'a', (byte) 0xC4},
      {(byte) 0xC4, 'a'}, // not continued
      {(byte) 0xC4, (byte) 0xC4},
      {(byte) 0xC1, (byte) 0xA1}, // 'a' in two bytes
      {(byte) 0xA1}, // not begun
      {(byte) 0xE0, (byte) 0x84, (byte) 0xA0},
    };
    for (byte[] bytes : wrong) {
      assertThat(spell(bytes, out)).isEqualTo(-1);
    }
  }
}
