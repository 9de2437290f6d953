package dev.chaski.gguf;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class Utf8Test {
  /** Both say the same of every two bytes, in the middle of others, and of random ones. */
  @Test
  void whatCanBeDecodedIsValid() {
    for (int pair = 0; pair < 1 << 16; pair++) {
      byte[] bytes = {'a', (byte) (pair >> 8), (byte) pair};
      assertValidIfDecoded(bytes);
    }
    Random random = new Random(3);
    for (int round = 0; round < 50_000; round++) {
      byte[] bytes = new byte[1 + random.nextInt(6)];
      for (int i = 0; i < bytes.length; i++) {
        bytes[i] =
            (byte) (random.nextInt(3) == 0 ? random.nextInt(256) : 0x80 + random.nextInt(0x78));
      }
      assertValidIfDecoded(bytes);
    }
  }

  private static void assertValidIfDecoded(byte[] bytes) {
    for (int to = 0; to <= bytes.length; to++) {
      assertThat(Utf8.isValid(bytes, 0, to))
          .as(Arrays.toString(bytes))
          .isEqualTo(Utf8.decode(bytes, 0, to).isPresent());
    }
  }
}
