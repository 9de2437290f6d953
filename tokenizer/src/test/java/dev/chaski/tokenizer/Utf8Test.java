package dev.chaski.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class Utf8Test {
  @Test
  void everyCharacterHasItsLengthAndIsWrittenAsThePlatformDoes() {
    byte[] out = new byte[4];
    List<Integer> wrong = new ArrayList<>();
    for (int c = 0; c <= Character.MAX_CODE_POINT; c++) {
      if (c < Character.MIN_SURROGATE || c > Character.MAX_SURROGATE) {
        byte[] utf8 = Character.toString(c).getBytes(StandardCharsets.UTF_8);
        if (Utf8.checkedLength(utf8, 0, utf8.length) != utf8.length
            || Utf8.write(c, out, 0) != utf8.length
            || !Arrays.equals(out, 0, utf8.length, utf8, 0, utf8.length)) {
          wrong.add(c);
        }
      }
    }
    assertThat(wrong).isEmpty();
  }

  /** The platform's decoder says what is well-formed. */
  @Test
  void nothingElseHasALength() {
    Random random = new Random(7);
    byte[] edges = {0x00, 0x7F, (byte) 0x80, (byte) 0x8F, (byte) 0x90, (byte) 0x9F, (byte) 0xA0};
    for (int lead = 0x80; lead < 0x100; lead++) {
      for (int round = 0; round < 300; round++) {
        byte[] bytes = new byte[1 + random.nextInt(4)];
        random.nextBytes(bytes);
        bytes[0] = (byte) lead;
        for (int i = 1; i < bytes.length; i++) {
          if (random.nextInt(4) > 0) {
            bytes[i] =
                random.nextBoolean()
                    ? edges[random.nextInt(edges.length)]
                    : (byte) (0x80 + random.nextInt(0x40));
          }
        }
        assertThat(Utf8.checkedLength(bytes, 0, bytes.length))
            .as(Arrays.toString(bytes))
            .isEqualTo(lengthOfFirst(bytes));
      }
    }
  }

  private static int lengthOfFirst(byte[] bytes) {
    for (int length = 1; length <= bytes.length; length++) {
      try {
        StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes, 0, length));
        return length;
      } catch (CharacterCodingException _) {
        // Longer, perhaps.
      }
    }
    return 0;
  }
}
