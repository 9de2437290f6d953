package dev.chaski.kernels.quant;

import java.lang.foreign.MemorySegment;

/**
 * Writes what {@link Q4_1Decoder} reads: the smallest value is the minimum and the largest one the
 * last step, the others are rounded to the nearest (ggml {@code quantize_row_q4_1_ref}).
 */
public final class Q4_1Encoder implements BlockEncoder {
  private static final int BLOCK_SIZE = Q4_1Decoder.BLOCK_SIZE;
  private static final int LEVELS = 16;
  private static final float LIMIT = 15 * Rounding.LARGEST_HALF;

  /** An encoder has no state. */
  public Q4_1Encoder() {}

  @Override
  public void encode(float[] src, int srcOffset, MemorySegment dst, long dstOffset, int count) {
    float[] x = new float[BLOCK_SIZE];
    int[] codes = new int[BLOCK_SIZE];
    for (int block = 0; block < count / BLOCK_SIZE; block++) {
      long at = dstOffset + (long) block * Q4_1Decoder.BLOCK_BYTES;
      Rounding.load(src, srcOffset + block * BLOCK_SIZE, LIMIT, x);
      float min = EvenSteps.min(x);
      float d = EvenSteps.affine(x, min, LEVELS, codes);
      dst.set(LittleEndian.SHORT, at, Rounding.half(d));
      dst.set(LittleEndian.SHORT, at + 2, Rounding.half(min));
      Nibbles.write(codes, 0, BLOCK_SIZE / 2, dst, at + 4);
    }
  }
}
