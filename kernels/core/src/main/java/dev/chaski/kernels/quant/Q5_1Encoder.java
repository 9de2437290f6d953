package dev.chaski.kernels.quant;

import java.lang.foreign.MemorySegment;

/**
 * Writes what {@link Q5_1Decoder} reads: the smallest value is the minimum and the largest one the
 * last step, the others are rounded to the nearest (ggml {@code quantize_row_q5_1_ref}).
 */
public final class Q5_1Encoder implements BlockEncoder {
  private static final int BLOCK_SIZE = Q5_1Decoder.BLOCK_SIZE;
  private static final int LEVELS = 32;
  private static final float LIMIT = 31 * Rounding.LARGEST_HALF;

  /** An encoder has no state. */
  public Q5_1Encoder() {}

  @Override
  public void encode(float[] src, int srcOffset, MemorySegment dst, long dstOffset, int count) {
    float[] x = new float[BLOCK_SIZE];
    int[] codes = new int[BLOCK_SIZE];
    for (int block = 0; block < count / BLOCK_SIZE; block++) {
      long at = dstOffset + (long) block * Q5_1Decoder.BLOCK_BYTES;
      Rounding.load(src, srcOffset + block * BLOCK_SIZE, LIMIT, x);
      float min = EvenSteps.min(x);
      float d = EvenSteps.affine(x, min, LEVELS, codes);
      dst.set(LittleEndian.SHORT, at, Rounding.half(d));
      dst.set(LittleEndian.SHORT, at + 2, Rounding.half(min));
      dst.set(LittleEndian.INT, at + 4, Nibbles.fifthBits(codes));
      Nibbles.write(codes, 0, BLOCK_SIZE / 2, dst, at + 8);
    }
  }
}
