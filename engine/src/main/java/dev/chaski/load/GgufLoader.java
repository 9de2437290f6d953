package dev.chaski.load;

import dev.chaski.format.FileAccess;
import dev.chaski.format.ModelFormatException;
import dev.chaski.format.UnsupportedModelException;
import dev.chaski.gguf.GgufFile;
import dev.chaski.gguf.GgufTensor;
import dev.chaski.kernels.Kernels;
import dev.chaski.kernels.TensorType;
import dev.chaski.kernels.WarmUp;
import dev.chaski.model.LlamaConfig;
import dev.chaski.model.LlamaModel;
import dev.chaski.model.LlamaWeights;
import dev.chaski.model.Placement;
import dev.chaski.model.WeightsGuard;
import java.io.IOException;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;

/** Opens a Llama model in a GGUF file. Weights stay where they are in the mapped file. */
public final class GgufLoader {
  private GgufLoader() {}

  /**
   * As {@link #load(Path, Placement, FileAccess, WeightsListener)}, all on the same kernels,
   * mapped.
   */
  public static LoadedModel load(Path path, Kernels kernels) throws IOException {
    return load(path, Placement.on(kernels), FileAccess.MAPPED, WeightsListener.NONE);
  }

  /**
   * Opens, checks and connects everything; no weight is read but the norms.
   *
   * @param path the file, or any part of a split one
   * @param placement which kernels will compute with which weights
   * @param access of the files with weights
   * @param listener hears of the weights before the tokenizer is built
   * @throws ModelFormatException if the file is broken or contradicts itself
   * @throws UnsupportedModelException if it is another architecture, or of a type we do not read
   * @throws IOException if it cannot be read
   */
  public static LoadedModel load(
      Path path, Placement placement, FileAccess access, WeightsListener listener)
      throws IOException {
    GgufFile file = GgufFile.open(path, access);
    try {
      return load(file, placement, listener);
    } catch (InternalError e) {
      file.close();
      throw file.mappings().getFirst().unreadable(e);
    } catch (Throwable e) {
      file.close();
      throw e;
    }
  }

  private static LoadedModel load(GgufFile file, Placement placement, WeightsListener listener)
      throws IOException {
    LlamaConfig config = new GgufConfig(file).read();
    LlamaWeights weights = new GgufWeights(file, config, placement).read();
    listener.onWeights(
        file.tensors().stream()
            .filter(tensor -> tensor.shape().size() == 2)
            .map(it -> new WarmUp.Rows(it.type(), (int) it.columns(), it.data()))
            .toList());
    LoadedTokenizer tokenizer = null;
    UnsupportedModelException noTokenizer = null;
    try {
      tokenizer = new GgufTokenizer(file, config.vocabSize()).read();
    } catch (UnsupportedModelException e) {
      noTokenizer = e;
    }
    GgufExtras extras = new GgufExtras(file);
    WeightsGuard guard = new MappedWeightsGuard(file.mappings());
    return new LoadedModel(
        new LlamaModel(config, weights, placement, guard),
        tokenizer,
        noTokenizer,
        extras.chatTemplates(),
        extras.sampling(),
        info(file),
        () -> ModelFingerprint.ofGguf(file.tensors(), guard),
        file::close);
  }

  private static ModelInfo info(GgufFile file) throws IOException {
    Map<TensorType, TypeCount> types = new EnumMap<>(TensorType.class);
    for (GgufTensor tensor : file.tensors()) {
      types.merge(
          tensor.type(),
          new TypeCount(1, tensor.size(), tensor.data().byteSize()),
          TypeCount::plus);
    }
    return new ModelInfo(
        "GGUF v" + file.version(),
        file.metadata().findString("general.name"),
        file.files(),
        file.byteSize(),
        types);
  }
}
