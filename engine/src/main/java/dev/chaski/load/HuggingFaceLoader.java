package dev.chaski.load;

import dev.chaski.format.FileAccess;
import dev.chaski.format.ModelFormatException;
import dev.chaski.format.UnsupportedModelException;
import dev.chaski.kernels.Kernels;
import dev.chaski.kernels.TensorType;
import dev.chaski.model.LlamaModel;
import dev.chaski.model.Placement;
import dev.chaski.model.WeightsGuard;
import dev.chaski.safetensors.SafetensorsCheckpoint;
import dev.chaski.safetensors.SafetensorsTensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/**
 * Opens a Llama model in a Hugging Face checkpoint, as it is downloaded: {@code config.json},
 * {@code tokenizer.json} and safetensors weights in BF16, F16, F32 or FP8, and whatever else of
 * {@code generation_config.json}, {@code tokenizer_config.json} and {@code chat_template.jinja} is
 * there. Weights stay where they are in the mapped files.
 *
 * <p>FP8 weights are decoded exactly and multiplied by their scales; activations stay floats. That
 * is more exact than what most GPU engines do, which round activations to FP8 too: the scales that
 * a checkpoint has for them are not used.
 */
public final class HuggingFaceLoader {
  private HuggingFaceLoader() {}

  /**
   * As {@link #load(Path, Placement, FileAccess, WeightsListener)}, all on the same kernels,
   * mapped.
   */
  public static LoadedModel load(Path path, Kernels kernels) throws IOException {
    return load(path, Placement.on(kernels), FileAccess.MAPPED, WeightsListener.NONE);
  }

  /**
   * Opens, checks and connects everything; of the weights only norms and scales are read.
   *
   * @param path the folder, or a safetensors file in it
   * @param placement which kernels will compute with which weights
   * @param access of the files with weights
   * @param listener hears of the weights
   * @throws ModelFormatException if a file is broken, missing, or contradicts the others
   * @throws UnsupportedModelException if it is another architecture, or stored in a way we do not
   *     read
   * @throws IOException if a file cannot be read
   */
  public static LoadedModel load(
      Path path, Placement placement, FileAccess access, WeightsListener listener)
      throws IOException {
    HuggingFaceModel model = HuggingFaceModel.open(path, access);
    try {
      listener.onWeights(model.weights().unscaled());
      WeightsGuard guard = new MappedWeightsGuard(model.checkpoint().mappings());
      return new LoadedModel(
          new LlamaModel(
              model.config(), model.weights().connect(model.config(), placement), placement, guard),
          model.tokenizer(),
          null,
          model.chatTemplates(),
          model.sampling(),
          info(model),
          () -> ModelFingerprint.ofSafetensors(model.checkpoint().tensors(), guard),
          model::close);
    } catch (InternalError e) {
      model.close();
      throw model.checkpoint().mappings().getFirst().unreadable(e);
    } catch (Throwable e) {
      model.close();
      throw e;
    }
  }

  private static ModelInfo info(HuggingFaceModel model) {
    SafetensorsCheckpoint checkpoint = model.checkpoint();
    Map<TensorType, TypeCount> types = new EnumMap<>(TensorType.class);
    for (SafetensorsTensor tensor : checkpoint.tensors()) {
      Optional<TensorType> type = tensor.type().tensorType();
      if (type.isPresent()) {
        types.merge(
            type.get(), new TypeCount(1, tensor.size(), tensor.data().byteSize()), TypeCount::plus);
      }
    }
    String format =
        model.quantization().map(method -> "safetensors, " + method).orElse("safetensors");
    return new ModelInfo(format, model.name(), checkpoint.files(), checkpoint.byteSize(), types);
  }
}
