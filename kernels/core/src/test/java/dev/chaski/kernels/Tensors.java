package dev.chaski.kernels;

import java.lang.foreign.MemorySegment;

/** Tensors from arrays and back. */
final class Tensors {
  private Tensors() {}

  static Tensor of(Kernels kernels, int rows, int columns, float... values) {
    Tensor tensor = kernels.tensor(rows, columns);
    float[] row = new float[columns];
    for (int i = 0; i < rows; i++) {
      System.arraycopy(values, i * columns, row, 0, columns);
      kernels.write(tensor, i, row);
    }
    return tensor;
  }

  static IntTensor ints(Kernels kernels, int... values) {
    IntTensor ints = kernels.ints();
    ints.set(values, values.length);
    return ints;
  }

  /** All rows of {@code tensor}. */
  static float[] values(Kernels kernels, Tensor tensor) {
    float[] values = new float[tensor.rows() * tensor.columns()];
    for (int i = 0; i < tensor.rows(); i++) {
      kernels.read(tensor, i, values, i * tensor.columns());
    }
    return values;
  }

  /** {@code count} stored values as floats, by the scalar decoder. */
  static float[] decode(TensorType type, MemorySegment data, int count) {
    float[] values = new float[count];
    type.decoder().decode(data, 0, values, 0, count);
    return values;
  }
}
