package dev.chaski.kernels.quant;

import java.lang.foreign.MemorySegment;

/**
 * {@code IQ2_XS} (ggml {@code block_iq2_xs}): 256 values in 74 bytes, as 16 groups of 16 with a
 * 4-bit scale each; eight values at a time are a point of {@link IqGrid#IQ2_XS} with signs. In
 * group {@code g = i / 16}, {@code value[i] = ±d * (scale[g] + 0.5) / 4 * coordinate}.
 *
 * <pre>
 * byte   0..1   d  F16 scale of the scales
 *        2..65  32 numbers of 16 bits, for values 8 k .. 8 k + 7 at byte 2 + 2 k, k = 0..31:
 *                 bits 0..8 index of the point, bits 9..15 {@linkplain IqGrid#evenSigns signs}
 *       66..73  16 nibbles, scale[g] in byte 66 + g / 2, low nibble for even g
 * </pre>
 */
public final class IQ2_XSDecoder implements BlockDecoder {
  public static final int BLOCK_SIZE = 256;
  public static final int BLOCK_BYTES = 74;

  /** A decoder has no state. */
  public IQ2_XSDecoder() {}

  @Override
  public void decode(MemorySegment src, long offset, float[] dst, int dstOffset, int count) {
    for (int block = 0; block < count / BLOCK_SIZE; block++) {
      decodeBlock(src, offset + (long) block * BLOCK_BYTES, dst, dstOffset + block * BLOCK_SIZE);
    }
  }

  private static void decodeBlock(MemorySegment src, long at, float[] dst, int to) {
    float d = LittleEndian.half(src, at);
    for (int k = 0; k < 32; k++) {
      int group = k / 2;
      int nibble =
          (LittleEndian.unsignedByte(src, at + 66 + group / 2) >> (4 * (group % 2))) & 0x0F;
      float scale = d * (nibble + 0.5f) * 0.25f;
      int indexAndSigns = LittleEndian.unsignedShort(src, at + 2 + 2L * k);
      long point = IqGrid.IQ2_XS.point(indexAndSigns & 0x1FF);
      int signs = IqGrid.evenSigns(indexAndSigns >> 9);
      Octet.writeSigned(scale, point, signs, dst, to + 8 * k);
    }
  }
}
