package dev.chaski.kernels.quant;

import java.lang.foreign.MemorySegment;

/**
 * {@code IQ3_S} (ggml {@code block_iq3_s}): 256 values in 110 bytes, as 8 groups of 32 with a 4-bit
 * scale each; four values at a time are a point of {@link IqGrid#IQ3_S} with signs. In group {@code
 * g = i / 32}, {@code value[i] = ±d * (2 * scale[g] + 1) * coordinate}.
 *
 * <pre>
 * byte    0..1    d   F16 scale of the scales
 *         2..65   bits 0..7 of the index of the point: byte 2 + k for values 4 k .. 4 k + 3,
 *                 k = 0..63
 *        66..73   bit 8 of the index: bit k % 8 of byte 66 + k / 8
 *        74..105  signs: bit i of byte 74 + j is set where value 8 j + i is negative, j = 0..31
 *       106..109  8 nibbles, scale[g] in byte 106 + g / 2, low nibble for even g
 * </pre>
 */
public final class IQ3_SDecoder implements BlockDecoder {
  public static final int BLOCK_SIZE = 256;
  public static final int BLOCK_BYTES = 110;

  /** A decoder has no state. */
  public IQ3_SDecoder() {}

  @Override
  public void decode(MemorySegment src, long offset, float[] dst, int dstOffset, int count) {
    for (int block = 0; block < count / BLOCK_SIZE; block++) {
      decodeBlock(src, offset + (long) block * BLOCK_BYTES, dst, dstOffset + block * BLOCK_SIZE);
    }
  }

  private static void decodeBlock(MemorySegment src, long at, float[] dst, int to) {
    float d = LittleEndian.half(src, at);
    for (int j = 0; j < 32; j++) {
      int group = j / 4;
      int nibble =
          (LittleEndian.unsignedByte(src, at + 106 + group / 2) >> (4 * (group % 2))) & 0x0F;
      float scale = d * (2 * nibble + 1);
      long octet = point(src, at, 2 * j) | (point(src, at, 2 * j + 1) << 32);
      int signs = LittleEndian.unsignedByte(src, at + 74 + j);
      Octet.writeSigned(scale, octet, signs, dst, to + 8 * j);
    }
  }

  private static long point(MemorySegment src, long at, int k) {
    int low = LittleEndian.unsignedByte(src, at + 2 + k);
    int high = (LittleEndian.unsignedByte(src, at + 66 + k / 8) >> (k % 8)) & 1;
    return IqGrid.IQ3_S.point(low | (high << 8));
  }
}
