package dev.chaski.kernels.quant;

import java.lang.foreign.MemorySegment;

/**
 * {@code TQ2_0} (ggml {@code block_tq2_0}): 256 ternary values in 66 bytes, {@code value[i] = d *
 * (q[i] - 1)}. Encoders write {@code q[i]} of 0 to 2; 3 is decoded by the same formula.
 *
 * <pre>
 * byte  0..63  q  256 two-bit numbers: byte 32 h + l holds q[128 h + 32 k + l] in bits 2k and
 *                 2k + 1, h = 0..1, k = 0..3, l = 0..31
 *      64..65  d  F16 scale
 * </pre>
 */
public final class TQ2_0Decoder implements BlockDecoder {
  public static final int BLOCK_SIZE = 256;
  public static final int BLOCK_BYTES = 66;

  /** A decoder has no state. */
  public TQ2_0Decoder() {}

  @Override
  public void decode(MemorySegment src, long offset, float[] dst, int dstOffset, int count) {
    for (int block = 0; block < count / BLOCK_SIZE; block++) {
      long at = offset + (long) block * BLOCK_BYTES;
      int to = dstOffset + block * BLOCK_SIZE;
      float d = LittleEndian.half(src, at + 64);
      for (int i = 0; i < BLOCK_SIZE; i++) {
        int four = LittleEndian.unsignedByte(src, at + 32L * (i / 128) + i % 32);
        int code = (four >> (2 * (i / 32 % 4))) & 3;
        dst[to + i] = d * (code - 1);
      }
    }
  }
}
