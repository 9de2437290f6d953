package dev.chaski.kernels.tornado;

import dev.chaski.kernels.KernelArguments;
import dev.chaski.kernels.Tensor;

/** A tensor in the device's array of values, row after row. */
final class TornadoTensor implements Tensor {
  private final Device device;
  private final int columns;
  private DeviceValues.Place place;
  private int rows;

  TornadoTensor(Device device, int rows, int columns) {
    this.device = device;
    this.columns = columns;
    this.rows = rows;
    this.place = device.place(this, KernelArguments.checkTensor(rows, columns));
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
    if (size > place.size()) {
      DeviceValues.Place old = place;
      place = device.place(this, size);
      old.free();
    }
    this.rows = rows;
  }

  /** Values in use. */
  int size() {
    return rows * columns;
  }

  /** Where the first value is. Valid until the next resize. */
  int at() {
    return place.at();
  }
}
