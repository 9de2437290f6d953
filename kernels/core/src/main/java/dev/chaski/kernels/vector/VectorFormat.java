package dev.chaski.kernels.vector;

import java.lang.foreign.MemorySegment;

/**
 * The kernels of one weight format. Implementations are stateless; their loops are written out for
 * four rows at once, so that each load of {@code x} serves four rows and four sums are in flight.
 */
interface VectorFormat {
  /** Rows of a weight that {@link #matvec} works on at once. */
  int ROWS = 4;

  /**
   * Matrix times vector: {@code out[outOffset + r] = Σ w[r][k] * x[xOffset + k]}, or {@code +=}.
   *
   * @param w the stored matrix
   * @param offset byte offset of its first row
   * @param rowBytes bytes from one row to the next
   * @param rows rows to multiply
   * @param columns values of a row, whole blocks
   * @param add whether to add to {@code out} instead of setting it
   */
  void matvec(
      MemorySegment w,
      long offset,
      long rowBytes,
      int rows,
      int columns,
      float[] x,
      int xOffset,
      float[] out,
      int outOffset,
      boolean add);

  /**
   * Decodes {@code count} values (whole blocks) from byte {@code offset} to {@code dst[dstOffset
   * ..]}; bit for bit what the type's scalar decoder gives.
   */
  void decode(MemorySegment src, long offset, float[] dst, int dstOffset, int count);

  /** Stores a finished sum. */
  static void store(float[] out, int index, float sum, boolean add) {
    out[index] = add ? out[index] + sum : sum;
  }
}
