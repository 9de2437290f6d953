package dev.chaski.kernels.quant;

import java.lang.foreign.MemorySegment;

/**
 * {@code IQ1_S} (ggml {@code block_iq1_s}): 256 values in 50 bytes, as 8 groups of 32 with a 3-bit
 * scale and a sign of {@code shift = ±1/8} each; eight values at a time are a point of {@link
 * IqGrid#IQ1_S}. In group {@code g = i / 32}, {@code value[i] = d * (2 * scale[g] + 1) *
 * (coordinate + shift[g])}.
 *
 * <pre>
 * byte   0..1   d  F16 scale of the scales
 *        2..33  bits 0..7 of the index of the point: byte 2 + 4 g + k for values
 *               32 g + 8 k .. 32 g + 8 k + 7, g = 0..7, k = 0..3
 *       34..49  16-bit number at 34 + 2 g: bits 3k..3k + 2 are bits 8..10 of these indices,
 *               bits 12..14 scale[g], bit 15 set where shift[g] is negative
 * </pre>
 */
public final class IQ1_SDecoder implements BlockDecoder {
  public static final int BLOCK_SIZE = 256;
  public static final int BLOCK_BYTES = 50;

  /** How far the whole grid is moved; ggml's {@code IQ1S_DELTA}. Exact in binary. */
  static final float SHIFT = 0.125f;

  /** A decoder has no state. */
  public IQ1_SDecoder() {}

  @Override
  public void decode(MemorySegment src, long offset, float[] dst, int dstOffset, int count) {
    for (int block = 0; block < count / BLOCK_SIZE; block++) {
      decodeBlock(src, offset + (long) block * BLOCK_BYTES, dst, dstOffset + block * BLOCK_SIZE);
    }
  }

  private static void decodeBlock(MemorySegment src, long at, float[] dst, int to) {
    float d = LittleEndian.half(src, at);
    for (int group = 0; group < 8; group++) {
      int header = LittleEndian.unsignedShort(src, at + 34 + 2L * group);
      float scale = d * (2 * ((header >> 12) & 7) + 1);
      float shift = (header & 0x8000) == 0 ? SHIFT : -SHIFT;
      for (int k = 0; k < 4; k++) {
        int low = LittleEndian.unsignedByte(src, at + 2 + 4L * group + k);
        int high = (header >> (3 * k)) & 7;
        long point = IqGrid.IQ1_S.point(low | (high << 8));
        Octet.writeShifted(scale, point, shift, dst, to + 32 * group + 8 * k);
      }
    }
  }
}
