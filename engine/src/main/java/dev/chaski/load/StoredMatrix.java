package dev.chaski.load;

import dev.chaski.kernels.Kernels;
import dev.chaski.kernels.TensorType;
import dev.chaski.kernels.Weight;
import dev.chaski.kernels.WeightScale;
import java.lang.foreign.MemorySegment;
import java.util.Optional;

/**
 * A weight where its file is mapped, its shape checked against the config.
 *
 * @param type how the values are stored
 * @param rows output values
 * @param columns input values
 * @param data (rows, columns)
 * @param scale what the values are multiplied by, if they are FP8
 */
record StoredMatrix(
    TensorType type, int rows, int columns, MemorySegment data, Optional<WeightScale> scale) {
  Weight weight(Kernels kernels) {
    return kernels.weight(type, rows, columns, data, scale);
  }
}
