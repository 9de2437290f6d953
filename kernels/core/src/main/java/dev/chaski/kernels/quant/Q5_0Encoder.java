package dev.chaski.kernels.quant;

import java.lang.foreign.MemorySegment;

/**
 * Writes what {@link Q5_0Decoder} reads: the value farthest from zero becomes -16 steps, the others
 * are rounded to the nearest (ggml {@code quantize_row_q5_0_ref}).
 */
public final class Q5_0Encoder implements BlockEncoder {
  private static final int BLOCK_SIZE = Q5_0Decoder.BLOCK_SIZE;
  private static final int LEVELS = 32;
  private static final float LIMIT = 16 * Rounding.LARGEST_HALF;

  /** An encoder has no state. */
  public Q5_0Encoder() {}

  @Override
  public void encode(float[] src, int srcOffset, MemorySegment dst, long dstOffset, int count) {
    float[] x = new float[BLOCK_SIZE];
    int[] codes = new int[BLOCK_SIZE];
    for (int block = 0; block < count / BLOCK_SIZE; block++) {
      long at = dstOffset + (long) block * Q5_0Decoder.BLOCK_BYTES;
      Rounding.load(src, srcOffset + block * BLOCK_SIZE, LIMIT, x);
      float d = EvenSteps.symmetric(x, LEVELS, codes);
      dst.set(LittleEndian.SHORT, at, Rounding.half(d));
      dst.set(LittleEndian.INT, at + 2, Nibbles.fifthBits(codes));
      Nibbles.write(codes, 0, BLOCK_SIZE / 2, dst, at + 6);
    }
  }
}
