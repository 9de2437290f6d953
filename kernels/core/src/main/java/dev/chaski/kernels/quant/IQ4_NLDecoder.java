package dev.chaski.kernels.quant;

import java.lang.foreign.MemorySegment;

/**
 * {@code IQ4_NL} (ggml {@code block_iq4_nl}): 32 values in 18 bytes, {@code value[i] = d *
 * level[q[i]]} with the 16 unevenly spaced levels of {@link #level}.
 *
 * <pre>
 * byte  0..1   d   F16 scale
 *       2..17  q   32 nibbles: byte 2 + i holds q[i] (low) and q[i + 16] (high), i = 0..15
 * </pre>
 */
public final class IQ4_NLDecoder implements BlockDecoder {
  public static final int BLOCK_SIZE = 32;
  public static final int BLOCK_BYTES = 18;

  /** Dense around zero, where weights are; ggml's {@code kvalues_iq4nl}. */
  private static final byte[] LEVELS = {
    -127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113
  };

  /** A decoder has no state. */
  public IQ4_NLDecoder() {}

  /** The level that a code of 0 to 15 stands for, -127 to 113; also used by {@code IQ4_XS}. */
  public static int level(int code) {
    return LEVELS[code];
  }

  @Override
  public void decode(MemorySegment src, long offset, float[] dst, int dstOffset, int count) {
    for (int block = 0; block < count / BLOCK_SIZE; block++) {
      long at = offset + (long) block * BLOCK_BYTES;
      float d = LittleEndian.half(src, at);
      decodeGroup(src, at + 2, d, dst, dstOffset + block * BLOCK_SIZE);
    }
  }

  /** Decodes 32 values from 16 bytes, the first 16 from the low nibbles. */
  static void decodeGroup(MemorySegment src, long at, float scale, float[] dst, int to) {
    for (int i = 0; i < 16; i++) {
      int pair = LittleEndian.unsignedByte(src, at + i);
      dst[to + i] = scale * LEVELS[pair & 0x0F];
      dst[to + i + 16] = scale * LEVELS[pair >> 4];
    }
  }
}
