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
public record StoredMatrix(
    SafetensorsTensor tensor, TensorType type, int rows, int columns, Optional<WeightScale> scale) {
  Weight connect(Kernels kernels) {
    return kernels.weight(type, rows, columns, tensor.data(), scale);
  }
}
