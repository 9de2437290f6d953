package dev.chaski.kernels.quant;

import java.lang.foreign.MemorySegment;

/**
 * {@code Q2_K} (ggml {@code block_q2_K}): 256 values in 84 bytes, as 16 groups of 16 with a 4-bit
 * scale and a 4-bit minimum each; in group {@code g = i / 16}, {@code value[i] = d * scale[g] *
 * q[i] - dmin * min[g]}.
 *
 * <pre>
 * byte  0..15  sm    byte g holds scale[g] (low nibble) and min[g] (high nibble), g = 0..15
 *      16..79  q     256 two-bit numbers: byte 16 + 32 h + l holds q[128 h + 32 k + l] in bits
 *                    2k and 2k + 1, h = 0..1, k = 0..3, l = 0..31
 *      80..81  d     F16 scale of the scales
 *      82..83  dmin  F16 scale of the minimums
 * </pre>
 */
public final class Q2_KDecoder implements BlockDecoder {
  public static final int BLOCK_SIZE = 256;
  public static final int BLOCK_BYTES = 84;

  /** A decoder has no state. */
  public Q2_KDecoder() {}

  @Override
  public void decode(MemorySegment src, long offset, float[] dst, int dstOffset, int count) {
    for (int block = 0; block < count / BLOCK_SIZE; block++) {
      decodeBlock(src, offset + (long) block * BLOCK_BYTES, dst, dstOffset + block * BLOCK_SIZE);
    }
  }

  private static void decodeBlock(MemorySegment src, long at, float[] dst, int to) {
    float d = LittleEndian.half(src, at + 80);
    float dmin = LittleEndian.half(src, at + 82);
    for (int group = 0; group < 16; group++) {
      int scaleAndMin = LittleEndian.unsignedByte(src, at + group);
      float scale = d * (scaleAndMin & 0x0F);
      float min = dmin * (scaleAndMin >> 4);
      // Eight groups share 32 bytes: two halves of them at each of four shifts.
      long q = at + 16 + 32L * (group / 8) + 16L * (group % 2);
      int shift = 2 * (group / 2 % 4);
      for (int i = 0; i < 16; i++) {
        int code = (LittleEndian.unsignedByte(src, q + i) >> shift) & 3;
        dst[to + 16 * group + i] = scale * code - min;
      }
    }
  }
}
