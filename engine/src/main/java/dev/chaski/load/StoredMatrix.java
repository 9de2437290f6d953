package dev.chaski.load;

import dev.chaski.kernels.Kernels;
import dev.chaski.kernels.TensorType;
import dev.chaski.kernels.Weight;
import dev.chaski.kernels.WeightScale;
import dev.chaski.safetensors.SafetensorsTensor;
import java.util.Optional;

/**
 * A weight where its file is mapped, its shape checked against the config.
 *
 * @param tensor (rows, columns)
 * @param type how the values are stored
 * @param rows output values
 * @param columns input values
 * @param scale what the values are multiplied by, if they are FP8
 */
record StoredMatrix(
    SafetensorsTensor tensor, TensorType type, int rows, int columns, Optional<WeightScale> scale) {
  Weight weight(Kernels kernels) {
    return kernels.weight(type, rows, columns, tensor.data(), scale);
  }

  /** Bytes of a row. */
  long rowBytes() {
    return type.byteSize(columns);
  }

  /** Writes row {@code row} as floats to {@code dst[0 .. columns)}. */
  void decodeRow(int row, float[] dst) {
    type.decoder().decode(tensor.data(), row * rowBytes(), dst, 0, columns);
    if (scale.isPresent()) {
      scale.get().apply(row, dst, 0, columns);
    }
  }
}
