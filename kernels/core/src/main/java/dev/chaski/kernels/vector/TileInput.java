package dev.chaski.kernels.vector;

import static dev.chaski.kernels.vector.Lanes.FLOATS;

import dev.chaski.kernels.cpu.CpuTensor;

/** The vector {@code x} in the form that a {@link TileFormat} wants, made once for all rows. */
final class TileInput {
  /** Values of {@code x} in the order of the lanes that they meet, times powers of two. */
  float[] planes = new float[0];

  /** What each lane starts with, or is multiplied by a minimum: sums of {@code x}. */
  float[] sums = new float[0];

  private float[] values = new float[0];

  /** What the sums of products are to be multiplied by, a power of two. */
  double unit = 1;

  /** Makes room for {@code columns} values and for as many sums as a format may want. */
  void reserve(int columns) {
    if (planes.length < columns) {
      planes = new float[columns];
      sums = new float[columns / 2 + FLOATS];
    }
    unit = 1;
  }

  /** Row {@code token} of {@code x}, from index 0 on. */
  float[] row(CpuTensor x, int token) {
    if (token == 0) {
      return x.data();
    }
    if (values.length < x.columns()) {
      values = new float[x.columns()];
    }
    System.arraycopy(x.data(), token * x.columns(), values, 0, x.columns());
    return values;
  }

  /**
   * Sets {@code planes} for weights of 16 bits, of which a register holds 16 pairs: of each 32
   * values those at even places, then those at odd ones.
   */
  void setPairs(float[] x, int columns) {
    for (int start = 0; start < columns; start += 2 * FLOATS) {
      for (int i = 0; i < FLOATS; i++) {
        planes[start + i] = x[start + 2 * i];
        planes[start + FLOATS + i] = x[start + 2 * i + 1];
      }
    }
  }

  /**
   * Sets {@code planes[i] = x[from[i]] * factors[i]}, in blocks of {@code from.length}.
   *
   * @param factors powers of two, so that nothing is rounded
   */
  void setPlanes(float[] x, int columns, int[] from, float[] factors) {
    for (int start = 0; start < columns; start += from.length) {
      for (int i = 0; i < from.length; i++) {
        planes[start + i] = x[start + from[i]] * factors[i];
      }
    }
  }
}
