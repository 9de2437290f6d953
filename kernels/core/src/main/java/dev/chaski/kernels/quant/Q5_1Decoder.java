package dev.chaski.kernels.quant;

import java.lang.foreign.MemorySegment;

/**
 * {@code Q5_1} (ggml {@code block_q5_1}): 32 values in 24 bytes, {@code value[i] = d * q[i] + m}.
 *
 * <pre>
 * byte  0..1   d   F16 scale
 *       2..3   m   F16 minimum
 *       4..7   qh  32-bit number, bit i is bit 4 of q[i]
 *       8..23  ql  32 nibbles, bits 0..3: byte 8 + i holds those of q[i] (low) and q[i + 16] (high),
 *                  i = 0..15
 * </pre>
 */
public final class Q5_1Decoder implements BlockDecoder {
  public static final int BLOCK_SIZE = 32;
  public static final int BLOCK_BYTES = 24;

  /** A decoder has no state. */
  public Q5_1Decoder() {}

  @Override
  public void decode(MemorySegment src, long offset, float[] dst, int dstOffset, int count) {
    for (int block = 0; block < count / BLOCK_SIZE; block++) {
      long at = offset + (long) block * BLOCK_BYTES;
      int to = dstOffset + block * BLOCK_SIZE;
      float d = LittleEndian.half(src, at);
      float m = LittleEndian.half(src, at + 2);
      int high = src.get(LittleEndian.INT, at + 4);
      for (int i = 0; i < BLOCK_SIZE / 2; i++) {
        int pair = LittleEndian.unsignedByte(src, at + 8 + i);
        int first = (pair & 0x0F) | (((high >>> i) & 1) << 4);
        int second = (pair >> 4) | (((high >>> (i + 16)) & 1) << 4);
        dst[to + i] = d * first + m;
        dst[to + i + 16] = d * second + m;
      }
    }
  }
}
