package dev.chaski.kernels.quant;

import java.lang.foreign.MemorySegment;

/**
 * {@code IQ2_S} (ggml {@code block_iq2_s}): 256 values in 82 bytes, as 16 groups of 16 with a 4-bit
 * scale each; eight values at a time are a point of {@link IqGrid#IQ2_S} with signs. In group
 * {@code g = i / 16}, {@code value[i] = ±d * (scale[g] + 0.5) / 4 * coordinate}.
 *
 * <pre>
 * byte   0..1   d   F16 scale of the scales
 *        2..33  bits 0..7 of the index of the point: byte 2 + k for values 8 k .. 8 k + 7,
 *               k = 0..31
 *       34..65  signs: bit i of byte 34 + k is set where value 8 k + i is negative
 *       66..73  bits 8..9 of the index: in byte 66 + k / 4 bits 2 (k % 4) and the next
 *       74..81  16 nibbles, scale[g] in byte 74 + g / 2, low nibble for even g
 * </pre>
 */
public final class IQ2_SDecoder implements BlockDecoder {
  public static final int BLOCK_SIZE = 256;
  public static final int BLOCK_BYTES = 82;

  /** A decoder has no state. */
  public IQ2_SDecoder() {}

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
          (LittleEndian.unsignedByte(src, at + 74 + group / 2) >> (4 * (group % 2))) & 0x0F;
      float scale = d * (nibble + 0.5f) * 0.25f;
      int low = LittleEndian.unsignedByte(src, at + 2 + k);
      int high = (LittleEndian.unsignedByte(src, at + 66 + k / 4) >> (2 * (k % 4))) & 3;
      long point = IqGrid.IQ2_S.point(low | (high << 8));
      int signs = LittleEndian.unsignedByte(src, at + 34 + k);
      Octet.writeSigned(scale, point, signs, dst, to + 8 * k);
    }
  }
}
