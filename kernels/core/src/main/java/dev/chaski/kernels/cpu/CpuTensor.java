package dev.chaski.kernels.cpu;

import dev.chaski.kernels.Tensor;

/** A tensor in a float array, row after row. */
public final class CpuTensor implements Tensor {
  private final int columns;
  private float[] data;
  private int rows;

  CpuTensor(int rows, int columns) {
    this.columns = columns;
    this.data = new float[size(rows, columns)];
    this.rows = rows;
  }

  private static int size(int rows, int columns) {
    if (rows < 0 || columns < 1 || (long) rows * columns > Integer.MAX_VALUE - 64) {
      throw new IllegalArgumentException(
          "a tensor of " + rows + " x " + columns + " floats does not fit an array; use less rows");
    }
    return rows * columns;
  }

  @Override
  public int rows() {
    return rows;
  }

  @Override
  public int columns() {
    return columns;
  }

  @Override
  public void resize(int rows) {
    int size = size(rows, columns);
    if (size > data.length) {
      data = new float[size];
    }
    this.rows = rows;
  }

  /** The values; row {@code i} starts at {@code i * columns}. Valid until the next resize. */
  public float[] data() {
    return data;
  }
}
