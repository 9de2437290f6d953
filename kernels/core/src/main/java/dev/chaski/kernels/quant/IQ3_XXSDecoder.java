package dev.chaski.kernels.quant;

import java.lang.foreign.MemorySegment;

/**
 * {@code IQ3_XXS} (ggml {@code block_iq3_xxs}): 256 values in 98 bytes, as 8 groups of 32 with a
 * 4-bit scale each; four values at a time are a point of {@link IqGrid#IQ3_XXS} with signs. In
 * group {@code g = i / 32}, {@code value[i] = ±d * (scale[g] + 0.5) / 2 * coordinate}.
 *
 * <pre>
 * byte   0..1   d  F16 scale of the scales
 *        2..65  byte 2 + k is the index of the point of values 4 k .. 4 k + 3, k = 0..63
 *       66..97  32-bit number at 66 + 4 g for each group g = 0..7: bits 7k..7k + 6
 *               {@linkplain IqGrid#evenSigns signs} of values 32 g + 8 k .. 32 g + 8 k + 7,
 *               k = 0..3; bits 28..31 scale[g]
 * </pre>
 */
public final class IQ3_XXSDecoder implements BlockDecoder {
  public static final int BLOCK_SIZE = 256;
  public static final int BLOCK_BYTES = 98;

  /** A decoder has no state. */
  public IQ3_XXSDecoder() {}

  @Override
  public void decode(MemorySegment src, long offset, float[] dst, int dstOffset, int count) {
    for (int block = 0; block < count / BLOCK_SIZE; block++) {
      decodeBlock(src, offset + (long) block * BLOCK_BYTES, dst, dstOffset + block * BLOCK_SIZE);
    }
  }

  private static void decodeBlock(MemorySegment src, long at, float[] dst, int to) {
    float d = LittleEndian.half(src, at);
    for (int group = 0; group < 8; group++) {
      int signsAndScale = src.get(LittleEndian.INT, at + 66 + 4L * group);
      float scale = d * ((signsAndScale >>> 28) + 0.5f) * 0.5f;
      for (int k = 0; k < 4; k++) {
        long index = at + 2 + 8L * group + 2L * k;
        long first = IqGrid.IQ3_XXS.point(LittleEndian.unsignedByte(src, index));
        long second = IqGrid.IQ3_XXS.point(LittleEndian.unsignedByte(src, index + 1));
        int signs = IqGrid.evenSigns((signsAndScale >>> (7 * k)) & 0x7F);
        Octet.writeSigned(scale, first | (second << 32), signs, dst, to + 32 * group + 8 * k);
      }
    }
  }
}
