package dev.chaski.load;

import dev.chaski.format.ModelFormatException;
import dev.chaski.format.UnsupportedModelException;
import dev.chaski.kernels.Kernels;
import java.io.IOException;
import java.nio.file.Path;

/** Opens a model of any kind we read. */
public final class ModelLoader {
  private ModelLoader() {}

  /**
   * Opens a folder or a {@code .safetensors} file with {@link HuggingFaceLoader}, every other file
   * with {@link GgufLoader}.
   *
   * @param kernels what will compute with the weights
   * @throws ModelFormatException if a file is broken or contradicts itself
   * @throws UnsupportedModelException if it is another architecture, or stored in a way we do not
   *     read
   * @throws IOException if it cannot be read
   */
  public static LoadedModel load(Path path, Kernels kernels) throws IOException {
    return HfFolder.isOne(path)
        ? HuggingFaceLoader.load(path, kernels)
        : GgufLoader.load(path, kernels);
  }
}
