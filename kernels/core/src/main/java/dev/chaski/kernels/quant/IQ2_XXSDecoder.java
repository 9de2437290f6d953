package dev.chaski.kernels.quant;

import java.lang.foreign.MemorySegment;

/**
 * {@code IQ2_XXS} (ggml {@code block_iq2_xxs}): 256 values in 66 bytes, as 8 groups of 32 with a
 * 4-bit scale each; eight values at a time are a point of {@link IqGrid#IQ2_XXS} with signs. In
 * group {@code g = i / 32}, {@code value[i] = ±d * (scale[g] + 0.5) / 4 * coordinate}.
 *
 * <pre>
 * byte  0..1   d  F16 scale of the scales
 *       2..65  8 bytes for each group g = 0..7, at 2 + 8 g:
 *         0..3   byte k is the index of the point of values 32 g + 8 k .. 32 g + 8 k + 7, k = 0..3
 *         4..7   32-bit number: bits 7k..7k + 6 {@linkplain IqGrid#evenSigns signs} of these
 *                values, bits 28..31 scale[g]
 * </pre>
 */
public final class IQ2_XXSDecoder implements BlockDecoder {
  public static final int BLOCK_SIZE = 256;
  public static final int BLOCK_BYTES = 66;

  /** A decoder has no state. */
  public IQ2_XXSDecoder() {}

  @Override
  public void decode(MemorySegment src, long offset, float[] dst, int dstOffset, int count) {
    for (int block = 0; block < count / BLOCK_SIZE; block++) {
      decodeBlock(src, offset + (long) block * BLOCK_BYTES, dst, dstOffset + block * BLOCK_SIZE);
    }
  }

  private static void decodeBlock(MemorySegment src, long at, float[] dst, int to) {
    float d = LittleEndian.half(src, at);
    for (int group = 0; group < 8; group++) {
      long indices = at + 2 + 8L * group;
      int signsAndScale = src.get(LittleEndian.INT, indices + 4);
      float scale = d * ((signsAndScale >>> 28) + 0.5f) * 0.25f;
      for (int k = 0; k < 4; k++) {
        long point = IqGrid.IQ2_XXS.point(LittleEndian.unsignedByte(src, indices + k));
        int signs = IqGrid.evenSigns((signsAndScale >>> (7 * k)) & 0x7F);
        Octet.writeSigned(scale, point, signs, dst, to + 32 * group + 8 * k);
      }
    }
  }
}
