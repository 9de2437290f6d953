package dev.chaski.kernels.quant;

import java.lang.foreign.MemorySegment;

/**
 * {@code IQ1_M} (ggml {@code block_iq1_m}): 256 values in 56 bytes, as 16 groups of 16 with a 3-bit
 * scale each; eight values at a time are a point of {@link IqGrid#IQ1_S}, moved by {@code shift =
 * ±1/8}. In group {@code g = i / 16}, point {@code k = i / 8}, {@code value[i] = d * (2 * scale[g]
 * + 1) * (coordinate + shift[k])}.
 *
 * <pre>
 * byte   0..31  bits 0..7 of the index of the point: byte k for values 8 k .. 8 k + 7, k = 0..31
 *       32..47  32 nibbles, for point k in byte 32 + k / 2, low nibble for even k: bits 0..2 are
 *               bits 8..10 of the index, bit 3 is set where shift[k] is negative
 *       48..55  four 16-bit numbers at 48 + 2 n, n = 0..3: bits 3j..3j + 2 are scale[4 n + j],
 *               j = 0..3; bits 12..15 are bits 4n..4n + 3 of d, an F16 scale of the scales
 * </pre>
 */
public final class IQ1_MDecoder implements BlockDecoder {
  public static final int BLOCK_SIZE = 256;
  public static final int BLOCK_BYTES = 56;

  /** A decoder has no state. */
  public IQ1_MDecoder() {}

  @Override
  public void decode(MemorySegment src, long offset, float[] dst, int dstOffset, int count) {
    for (int block = 0; block < count / BLOCK_SIZE; block++) {
      decodeBlock(src, offset + (long) block * BLOCK_BYTES, dst, dstOffset + block * BLOCK_SIZE);
    }
  }

  private static void decodeBlock(MemorySegment src, long at, float[] dst, int to) {
    float d = superScale(src, at);
    for (int k = 0; k < 32; k++) {
      int group = k / 2;
      int scales = LittleEndian.unsignedShort(src, at + 48 + 2L * (group / 4));
      float scale = d * (2 * ((scales >> (3 * (group % 4))) & 7) + 1);
      int low = LittleEndian.unsignedByte(src, at + k);
      int nibble = (LittleEndian.unsignedByte(src, at + 32 + k / 2) >> (4 * (k % 2))) & 0x0F;
      float shift = (nibble & 8) == 0 ? IQ1_SDecoder.SHIFT : -IQ1_SDecoder.SHIFT;
      long point = IqGrid.IQ1_S.point(low | ((nibble & 7) << 8));
      Octet.writeShifted(scale, point, shift, dst, to + 8 * k);
    }
  }

  /** The F16 scale of the block at {@code at}, whose bits the group scales' words carry. */
  public static float superScale(MemorySegment src, long at) {
    int bits = 0;
    for (int n = 0; n < 4; n++) {
      bits |= LittleEndian.unsignedShort(src, at + 48 + 2L * n) >> 12 << (4 * n);
    }
    return Float.float16ToFloat((short) bits);
  }
}
