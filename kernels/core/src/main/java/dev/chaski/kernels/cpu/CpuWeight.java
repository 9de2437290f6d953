package dev.chaski.kernels.cpu;

import dev.chaski.kernels.TensorType;
import dev.chaski.kernels.Weight;
import java.lang.foreign.MemorySegment;

/**
 * A weight where its file is mapped.
 *
 * @param type how values are stored
 * @param rows output values
 * @param columns input values
 * @param data row {@code i} starts at {@code i * rowBytes}
 * @param rowBytes bytes of a row
 */
public record CpuWeight(TensorType type, int rows, int columns, MemorySegment data, long rowBytes)
    implements Weight {

  static CpuWeight of(TensorType type, int rows, int columns, MemorySegment data) {
    if (rows < 1 || columns < 1) {
      throw new IllegalArgumentException(
          "a weight of " + rows + " x " + columns + " has no values");
    }
    long rowBytes = type.byteSize(columns);
    if (data.byteSize() != Math.multiplyExact(rowBytes, rows)) {
      throw new IllegalArgumentException(
          type
              + " weight of "
              + rows
              + " x "
              + columns
              + " takes "
              + rowBytes * rows
              + " bytes, not "
              + data.byteSize());
    }
    return new CpuWeight(type, rows, columns, data, rowBytes);
  }

  /** Writes row {@code row} as floats to {@code dst[dstOffset ..]}. */
  void decodeRow(int row, float[] dst, int dstOffset) {
    type.decoder().decode(data, row * rowBytes, dst, dstOffset, columns);
  }
}
