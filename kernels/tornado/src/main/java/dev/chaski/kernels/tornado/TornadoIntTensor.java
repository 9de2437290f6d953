package dev.chaski.kernels.tornado;

import dev.chaski.kernels.IntTensor;
import java.util.Arrays;
import java.util.Objects;

/** Integers on the host: they travel with the launches that read them. */
final class TornadoIntTensor implements IntTensor {
  private int[] data = new int[0];

  @Override
  public int size() {
    return data.length;
  }

  @Override
  public int get(int index) {
    return data[Objects.checkIndex(index, data.length)];
  }

  @Override
  public void set(int[] values, int size) {
    Objects.checkFromIndexSize(0, size, values.length);
    data = Arrays.copyOf(values, size);
  }
}
