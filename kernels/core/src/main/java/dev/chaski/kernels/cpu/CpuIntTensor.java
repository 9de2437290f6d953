package dev.chaski.kernels.cpu;

import dev.chaski.kernels.IntTensor;
import java.util.Arrays;
import java.util.Objects;

/** Integers in an array. */
final class CpuIntTensor implements IntTensor {
  private int[] data = new int[0];
  private int size;

  @Override
  public int size() {
    return size;
  }

  @Override
  public int get(int index) {
    return data[Objects.checkIndex(index, size)];
  }

  @Override
  public void set(int[] values, int size) {
    Objects.checkFromIndexSize(0, size, values.length);
    if (size > data.length) {
      data = Arrays.copyOf(values, size);
    } else {
      System.arraycopy(values, 0, data, 0, size);
    }
    this.size = size;
  }
}
