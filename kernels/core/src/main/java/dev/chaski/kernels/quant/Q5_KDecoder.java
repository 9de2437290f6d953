package dev.chaski.kernels.quant;

import java.lang.foreign.MemorySegment;

/**
 * {@code Q5_K} (ggml {@code block_q5_K}): 256 values in 176 bytes, as 8 groups of 32 with a 6-bit
 * scale and a 6-bit minimum each; in group {@code g = i / 32}, {@code value[i] = d * scale[g] *
 * q[i] - dmin * min[g]}.
 *
 * <pre>
 * byte   0..1    d     F16 scale of the scales
 *        2..3    dmin  F16 scale of the minimums
 *        4..15   scale and min, see {@link PackedScales}
 *       16..47   qh    bit 4 of q: byte 16 + l holds that of q[32 g + l] in bit g, g = 0..7,
 *                      l = 0..31
 *       48..175  ql    256 nibbles, bits 0..3 of q: byte 48 + 32 k + l holds those of q[64 k + l]
 *                      (low) and q[64 k + 32 + l] (high), k = 0..3, l = 0..31
 * </pre>
 */
public final class Q5_KDecoder implements BlockDecoder {
  public static final int BLOCK_SIZE = 256;
  public static final int BLOCK_BYTES = 176;

  /** A decoder has no state. */
  public Q5_KDecoder() {}

  @Override
  public void decode(MemorySegment src, long offset, float[] dst, int dstOffset, int count) {
    for (int block = 0; block < count / BLOCK_SIZE; block++) {
      decodeBlock(src, offset + (long) block * BLOCK_BYTES, dst, dstOffset + block * BLOCK_SIZE);
    }
  }

  private static void decodeBlock(MemorySegment src, long at, float[] dst, int to) {
    float d = LittleEndian.half(src, at);
    float dmin = LittleEndian.half(src, at + 2);
    long high = at + 16;
    for (int group = 0; group < 8; group++) {
      float scale = d * PackedScales.scale(src, at + 4, group);
      float min = dmin * PackedScales.min(src, at + 4, group);
      long low = at + 48 + 32L * (group / 2);
      int shift = 4 * (group % 2);
      for (int i = 0; i < 32; i++) {
        int lowBits = (LittleEndian.unsignedByte(src, low + i) >> shift) & 0x0F;
        int highBits = (LittleEndian.unsignedByte(src, high + i) >> group) & 1;
        int code = lowBits | (highBits << 4);
        dst[to + 32 * group + i] = scale * code - min;
      }
    }
  }
}
