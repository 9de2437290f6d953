package dev.chaski.kernels.cpu;

import dev.chaski.kernels.KernelArguments;
import dev.chaski.kernels.Tensor;

/** A tensor in a float array, row after row. */
public final class CpuTensor implements Tensor {
  private final int columns;
  private float[] data;
  private int rows;

  CpuTensor(int rows, int columns) {
    this.columns = columns;
    this.data = new float[KernelArguments.checkTensor(rows, columns)];
    this.rows = rows;
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
    int size = KernelArguments.checkTensor(rows, columns);
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
