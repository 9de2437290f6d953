package dev.chaski.kernels.quant;

import java.lang.foreign.MemorySegment;

/**
 * {@code Q4_1} (ggml {@code block_q4_1}): 32 values in 20 bytes, {@code value[i] = d * q[i] + m}.
 *
 * <pre>
 * byte  0..1   d   F16 scale
 *       2..3   m   F16 minimum
 *       4..19  q   32 nibbles: byte 4 + i holds q[i] (low) and q[i + 16] (high), i = 0..15
 * </pre>
 */
public final class Q4_1Decoder implements BlockDecoder {
  public static final int BLOCK_SIZE = 32;
  public static final int BLOCK_BYTES = 20;

  /** A decoder has no state. */
  public Q4_1Decoder() {}

  @Override
  public void decode(MemorySegment src, long offset, float[] dst, int dstOffset, int count) {
    for (int block = 0; block < count / BLOCK_SIZE; block++) {
      long at = offset + (long) block * BLOCK_BYTES;
      int to = dstOffset + block * BLOCK_SIZE;
      float d = LittleEndian.half(src, at);
      float m = LittleEndian.half(src, at + 2);
      for (int i = 0; i < BLOCK_SIZE / 2; i++) {
        int pair = LittleEndian.unsignedByte(src, at + 4 + i);
        dst[to + i] = d * (pair & 0x0F) + m;
        dst[to + i + 16] = d * (pair >> 4) + m;
      }
    }
  }
}
