package dev.chaski.load;

import dev.chaski.format.Excerpt;
import dev.chaski.format.ModelFormatException;
import dev.chaski.format.UnsupportedModelException;
import dev.chaski.kernels.TensorType;
import dev.chaski.kernels.WeightScale;
import dev.chaski.model.LlamaConfig;
import dev.chaski.safetensors.SafetensorsCheckpoint;
import dev.chaski.safetensors.SafetensorsTensor;
import dev.chaski.safetensors.SafetensorsType;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Hands out the tensors of a checkpoint by name, each with its shape, type and scales checked. */
final class HfTensors {
  /**
   * Endings of tensors that change nothing here: scales of activations and of an FP8 cache, which
   * we keep in higher precision, and rotation frequencies, which the config gives.
   */
  private static final List<String> IGNORED =
      List.of(
          ".input_scale",
          ".output_scale",
          ".act_scale",
          ".kv_scale",
          ".q_scale",
          ".k_scale",
          ".v_scale",
          ".input_scale_ub",
          ".rotary_emb.inv_freq");

  private final Path weights; // the folder or file that was asked for
  private final SafetensorsCheckpoint checkpoint;
  private final Fp8Scales scales;
  private final Set<String> used = new HashSet<>();

  HfTensors(HfFolder folder, SafetensorsCheckpoint checkpoint, HfQuantization quantization) {
    this.weights = folder.weights();
    this.checkpoint = checkpoint;
    this.scales = new Fp8Scales(checkpoint, quantization);
  }

  /** A weight of {@code rows x columns}. */
  StoredMatrix matrix(String name, int rows, int columns) throws IOException {
    SafetensorsTensor tensor = require(name);
    requireShape(tensor, List.of((long) rows, (long) columns));
    TensorType type = weightType(tensor);
    return new StoredMatrix(tensor, type, rows, columns, scale(tensor, rows, columns));
  }

  private Optional<WeightScale> scale(SafetensorsTensor weight, int rows, int columns)
      throws IOException {
    Optional<SafetensorsTensor> scale = scales.find(weight.name());
    if (weight.type() != SafetensorsType.F8_E4M3) {
      if (scale.isPresent()) {
        throw scale.get().fault("scales a weight of type " + weight.type() + "; expected F8_E4M3");
      }
      return Optional.empty();
    }
    if (scale.isEmpty()) {
      throw Fp8Scales.missing(weight);
    }
    used.add(scale.get().name());
    return Optional.of(scales.read(scale.get(), rows, columns));
  }

  /** The values of a vector of {@code size}, all finite. */
  float[] vector(String name, int size) throws IOException {
    SafetensorsTensor tensor = require(name);
    requireShape(tensor, List.of((long) size));
    TensorType type = weightType(tensor);
    if (type == TensorType.F8_E4M3) {
      throw tensor.fault("is of type F8_E4M3; norms are BF16, F16 or F32");
    }
    float[] values = decode(tensor, type, size);
    for (int i = 0; i < size; i++) {
      if (!Float.isFinite(values[i])) {
        throw tensor.fault("holds " + values[i] + " at index " + i + "; expected finite values");
      }
    }
    return values;
  }

  /** Says that a tensor is known although nothing reads it. */
  void ignore(String name) {
    used.add(name);
  }

  /** A tensor we would leave out (a bias, a norm of Q) changes the model: better no answer. */
  void refuseUnused(int numLayers) throws UnsupportedModelException {
    for (SafetensorsTensor tensor : checkpoint.tensors()) {
      String name = tensor.name();
      if (!used.contains(name) && IGNORED.stream().noneMatch(name::endsWith)) {
        throw new UnsupportedModelException(
            tensor.file(),
            "tensor "
                + Excerpt.quoted(name)
                + " has no place in a Llama model ('num_hidden_layers' is "
                + numLayers
                + "); supported are dense models without biases");
      }
    }
  }

  private SafetensorsTensor require(String name) throws ModelFormatException {
    used.add(name);
    return checkpoint
        .tensor(name)
        .orElseThrow(() ->
            new ModelFormatException(
                weights,
                ModelFormatException.UNKNOWN_OFFSET,
                "tensor '" + name + "' is missing; is the checkpoint complete?"));
  }

  private static void requireShape(SafetensorsTensor tensor, List<Long> shape)
      throws ModelFormatException {
    if (!tensor.shape().equals(shape)) {
      throw tensor.fault(
          "has shape " + tensor.shape() + ", but the model's numbers make it " + shape);
    }
  }

  private static TensorType weightType(SafetensorsTensor tensor) throws UnsupportedModelException {
    return tensor
        .type()
        .tensorType()
        .orElseThrow(() ->
            new UnsupportedModelException(
                tensor.file(),
                "tensor "
                    + Excerpt.quoted(tensor.name())
                    + " is of type "
                    + tensor.type()
                    + "; supported are "
                    + SafetensorsType.supported()));
  }

  /** All values of a tensor that was found to have {@code size} of them. */
  static float[] decode(SafetensorsTensor tensor, TensorType type, int size)
      throws ModelFormatException {
    if (size > LlamaConfig.MAX_SIZE) {
      throw tensor.fault("has " + size + " values; expected at most " + LlamaConfig.MAX_SIZE);
    }
    float[] values = new float[size];
    try {
      type.decoder().decode(tensor.data(), 0, values, 0, size);
    } catch (InternalError e) {
      throw new ModelFormatException(
          tensor.file(), tensor.offset(), "the file was cut while it was read", e);
    }
    return values;
  }
}
