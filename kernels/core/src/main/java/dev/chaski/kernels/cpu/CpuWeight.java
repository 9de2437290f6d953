package dev.chaski.kernels.cpu;

import dev.chaski.kernels.KernelArguments;
import dev.chaski.kernels.TensorType;
import dev.chaski.kernels.Weight;
import dev.chaski.kernels.WeightScale;
import java.lang.foreign.MemorySegment;
import java.util.Optional;

/**
 * A weight where its file is mapped.
 *
 * @param type how values are stored
 * @param rows output values
 * @param columns input values
 * @param data row {@code i} starts at {@code i * rowBytes}
 * @param rowBytes bytes of a row
 * @param scale what stored values are multiplied by, if anything
 */
public record CpuWeight(
    TensorType type,
    int rows,
    int columns,
    MemorySegment data,
    long rowBytes,
    Optional<WeightScale> scale)
    implements Weight {

  static CpuWeight of(
      TensorType type, int rows, int columns, MemorySegment data, Optional<WeightScale> scale) {
    long rowBytes = KernelArguments.checkWeight(type, rows, columns, data, scale);
    return new CpuWeight(type, rows, columns, data, rowBytes, scale);
  }

  /** Multiplies decoded values of a row, {@code values[at .. at + columns)}, by their scales. */
  public void applyScale(int row, float[] values, int at) {
    if (scale.isPresent()) {
      scale.get().apply(row, 0, values, at, columns);
    }
  }

  /** Writes row {@code row} as floats to {@code dst[dstOffset ..]}. */
  void decodeRow(int row, float[] dst, int dstOffset) {
    type.decoder().decode(data, row * rowBytes, dst, dstOffset, columns);
    applyScale(row, dst, dstOffset);
  }
}
