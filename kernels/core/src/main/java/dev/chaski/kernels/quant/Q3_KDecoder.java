package dev.chaski.kernels.quant;

import java.lang.foreign.MemorySegment;

/**
 * {@code Q3_K} (ggml {@code block_q3_K}): 256 values in 110 bytes, as 16 groups of 16 with a 6-bit
 * scale each; in group {@code g = i / 16}, {@code value[i] = d * (scale[g] - 32) * (q[i] - 4)}.
 *
 * <pre>
 * byte   0..31   qh  bit 2 of q: byte l holds that of q[32 k + l] in bit k, k = 0..7, l = 0..31
 *       32..95   ql  bits 0..1 of q: byte 32 + 32 h + l holds those of q[128 h + 32 k + l] in bits
 *                    2k and 2k + 1, h = 0..1, k = 0..3, l = 0..31
 *       96..103  sl  bits 0..3 of the scales: byte 96 + g holds those of scale[g] (low nibble) and
 *                    scale[g + 8] (high nibble), g = 0..7
 *      104..107  sh  bits 4..5 of the scales: byte 104 + g holds those of scale[g + 4 k] in bits 2k
 *                    and 2k + 1, g = 0..3, k = 0..3
 *      108..109  d   F16 scale of the scales
 * </pre>
 */
public final class Q3_KDecoder implements BlockDecoder {
  public static final int BLOCK_SIZE = 256;
  public static final int BLOCK_BYTES = 110;

  /** A decoder has no state. */
  public Q3_KDecoder() {}

  @Override
  public void decode(MemorySegment src, long offset, float[] dst, int dstOffset, int count) {
    for (int block = 0; block < count / BLOCK_SIZE; block++) {
      decodeBlock(src, offset + (long) block * BLOCK_BYTES, dst, dstOffset + block * BLOCK_SIZE);
    }
  }

  private static void decodeBlock(MemorySegment src, long at, float[] dst, int to) {
    float d = LittleEndian.half(src, at + 108);
    for (int group = 0; group < 16; group++) {
      float scale = d * scale(src, at, group);
      long high = at + 16L * (group % 2);
      int highShift = group / 2;
      long low = at + 32 + 32L * (group / 8) + 16L * (group % 2);
      int lowShift = 2 * (group / 2 % 4);
      for (int i = 0; i < 16; i++) {
        int lowBits = (LittleEndian.unsignedByte(src, low + i) >> lowShift) & 3;
        int highBits = (LittleEndian.unsignedByte(src, high + i) >> highShift) & 1;
        int code = lowBits | (highBits << 2);
        dst[to + 16 * group + i] = scale * (code - 4);
      }
    }
  }

  /**
   * The scale of one group, as a signed number.
   *
   * @param at byte offset of the block in {@code src}
   * @param group 0 to 15
   * @return -32 to 31
   */
  public static int scale(MemorySegment src, long at, int group) {
    int low = (LittleEndian.unsignedByte(src, at + 96 + group % 8) >> (4 * (group / 8))) & 0x0F;
    int high = (LittleEndian.unsignedByte(src, at + 104 + group % 4) >> (2 * (group / 4))) & 3;
    return (low | (high << 4)) - 32;
  }
}
