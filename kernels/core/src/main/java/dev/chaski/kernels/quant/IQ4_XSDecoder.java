package dev.chaski.kernels.quant;

import java.lang.foreign.MemorySegment;

/**
 * {@code IQ4_XS} (ggml {@code block_iq4_xs}): 256 values in 136 bytes, as 8 groups of 32 with a
 * 6-bit scale each; in group {@code g = i / 32}, {@code value[i] = d * (scale[g] - 32) *
 * level[q[i]]} with the levels of {@link IQ4_NLDecoder}.
 *
 * <pre>
 * byte  0..1    d   F16 scale of the scales
 *       2..3    sh  bits 4..5 of the scales: 16-bit number with those of scale[g] in bits 2g and
 *                   2g + 1, g = 0..7
 *       4..7    sl  bits 0..3 of the scales: byte 4 + g / 2 holds those of scale[g], low nibble for
 *                   even g
 *       8..135  q   256 nibbles: byte 8 + 16 g + l holds q[32 g + l] (low) and q[32 g + 16 + l]
 *                   (high), l = 0..15
 * </pre>
 */
public final class IQ4_XSDecoder implements BlockDecoder {
  public static final int BLOCK_SIZE = 256;
  public static final int BLOCK_BYTES = 136;

  /** A decoder has no state. */
  public IQ4_XSDecoder() {}

  @Override
  public void decode(MemorySegment src, long offset, float[] dst, int dstOffset, int count) {
    for (int block = 0; block < count / BLOCK_SIZE; block++) {
      long at = offset + (long) block * BLOCK_BYTES;
      int to = dstOffset + block * BLOCK_SIZE;
      float d = LittleEndian.half(src, at);
      for (int group = 0; group < 8; group++) {
        float scale = d * scale(src, at, group);
        IQ4_NLDecoder.decodeGroup(src, at + 8 + 16L * group, scale, dst, to + 32 * group);
      }
    }
  }

  /**
   * The scale of one group, as a signed number.
   *
   * @param at byte offset of the block in {@code src}
   * @param group 0 to 7
   * @return -32 to 31
   */
  public static int scale(MemorySegment src, long at, int group) {
    int low = (LittleEndian.unsignedByte(src, at + 4 + group / 2) >> (4 * (group % 2))) & 0x0F;
    int high = (LittleEndian.unsignedShort(src, at + 2) >> (2 * group)) & 3;
    return (low | (high << 4)) - 32;
  }
}
