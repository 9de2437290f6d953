package dev.chaski.load;

import dev.chaski.format.Excerpt;
import dev.chaski.format.ModelFormatException;
import dev.chaski.kernels.TensorType;
import dev.chaski.kernels.WeightScale;
import dev.chaski.safetensors.SafetensorsCheckpoint;
import dev.chaski.safetensors.SafetensorsTensor;
import dev.chaski.safetensors.SafetensorsType;
import java.util.List;
import java.util.Optional;

/**
 * Finds the scales of FP8 weights, which are tensors of their own beside them. All writers multiply
 * by them, also by those called inverse; the shape tells how finely they are given:
 *
 * <pre>
 * weight_scale []  or [1]                 one for the weight     AutoFP8, compressed-tensors
 * weight_scale [rows] or [rows, 1]        one for each row       compressed-tensors, fbgemm
 * weight_scale [⌈rows/r⌉, ⌈columns/c⌉]    one for each block     compressed-tensors
 * weight_scale_inv, as the line above                            DeepSeek
 * </pre>
 */
final class Fp8Scales {
  private static final String SCALE = "_scale";
  private static final String SCALE_INV = "_scale_inv";

  private final SafetensorsCheckpoint checkpoint;
  private final List<HfQuantization.Block> blocks;

  Fp8Scales(SafetensorsCheckpoint checkpoint, HfQuantization quantization) {
    this.checkpoint = checkpoint;
    this.blocks = quantization.blocks();
  }

  /** The tensor with the scales of the weight of this name. */
  Optional<SafetensorsTensor> find(String weight) throws ModelFormatException {
    Optional<SafetensorsTensor> scale = checkpoint.tensor(weight + SCALE);
    Optional<SafetensorsTensor> inverse = checkpoint.tensor(weight + SCALE_INV);
    if (scale.isPresent() && inverse.isPresent()) {
      throw inverse.get().fault("is there beside " + scale.get().name() + "; expected one of them");
    }
    return scale.or(() -> inverse);
  }

  /** The scales of a weight of {@code rows x columns}. */
  WeightScale read(SafetensorsTensor tensor, int rows, int columns) throws ModelFormatException {
    float[] values = values(tensor);
    List<Long> shape = tensor.shape();
    long height = shape.isEmpty() ? 1 : shape.getFirst();
    long width = shape.size() < 2 ? 1 : shape.get(1);
    if (shape.size() <= 2) {
      if (height == 1 && width == 1) {
        return WeightScale.perTensor(values[0]);
      }
      if (height == rows && width == 1) {
        return WeightScale.perRow(values);
      }
      for (HfQuantization.Block block : blocks) {
        if (shape.size() == 2
            && height == Math.ceilDiv(rows, block.rows())
            && width == Math.ceilDiv(columns, block.columns())) {
          return WeightScale.perBlock(values, block.rows(), block.columns(), columns);
        }
      }
    }
    throw tensor.fault(
        "has shape "
            + shape
            + " for a weight of ["
            + rows
            + ", "
            + columns
            + "]; expected one scale, ["
            + rows
            + ", 1], or one for each block of "
            + describeBlocks());
  }

  private String describeBlocks() {
    List<String> sizes = blocks.stream().map(b -> b.rows() + " x " + b.columns()).toList();
    return String.join(" or ", sizes);
  }

  private static float[] values(SafetensorsTensor tensor) throws ModelFormatException {
    boolean readable =
        tensor.type() == SafetensorsType.F32
            || tensor.type() == SafetensorsType.BF16
            || tensor.type() == SafetensorsType.F16;
    if (!readable) {
      throw tensor.fault("is of type " + tensor.type() + "; scales are F32, BF16 or F16");
    }
    if (tensor.size() < 1 || tensor.size() > Integer.MAX_VALUE) {
      throw tensor.fault("has shape " + tensor.shape() + ", which no weight needs");
    }
    TensorType type = tensor.type().tensorType().orElseThrow();
    float[] values = HfTensors.decode(tensor, type, (int) tensor.size());
    for (int i = 0; i < values.length; i++) {
      if (!Float.isFinite(values[i])) {
        throw tensor.fault("holds " + values[i] + " at index " + i + "; expected finite scales");
      }
    }
    return values;
  }

  /** The error for a weight without any. */
  static ModelFormatException missing(SafetensorsTensor weight) {
    return weight.fault(
        "is FP8 but has no scales; expected a tensor "
            + Excerpt.quoted(weight.name() + SCALE)
            + " or "
            + Excerpt.quoted(weight.name() + SCALE_INV));
  }
}
