package dev.chaski.kernels.quant;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Packs codes of up to five bits into nibbles, and the fifth bits into a word. */
final class Nibbles {
  private Nibbles() {}

  /**
   * Writes bits 0..3 of {@code 2 * half} codes as {@code half} bytes: byte {@code i} gets those of
   * code {@code from + i} (low) and code {@code from + half + i} (high).
   */
  static void write(int[] codes, int from, int half, MemorySegment dst, long at) {
    for (int i = 0; i < half; i++) {
      int pair = (codes[from + i] & 0x0F) | ((codes[from + half + i] & 0x0F) << 4);
      dst.set(ValueLayout.JAVA_BYTE, at + i, (byte) pair);
    }
  }

  /** Bit 4 of 32 codes: that of code {@code i} in bit {@code i}. */
  static int fifthBits(int[] codes) {
    int bits = 0;
    for (int i = 0; i < 32; i++) {
      bits |= (codes[i] >> 4) << i;
    }
    return bits;
  }
}
