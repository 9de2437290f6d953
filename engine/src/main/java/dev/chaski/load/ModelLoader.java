package dev.chaski.load;

import dev.chaski.format.FileAccess;
import dev.chaski.format.ModelFormatException;
import dev.chaski.format.UnsupportedModelException;
import dev.chaski.kernels.Kernels;
import dev.chaski.model.Placement;
import java.io.IOException;
import java.nio.file.Path;

/** Opens a model of any kind we read. */
public final class ModelLoader {
  private ModelLoader() {}

  /**
   * As {@link #load(Path, Placement, FileAccess, WeightsListener)}, all on the same kernels,
   * mapped.
   */
  public static LoadedModel load(Path path, Kernels kernels) throws IOException {
    return load(path, Placement.on(kernels), FileAccess.MAPPED, WeightsListener.NONE);
  }

  /**
   * Opens a folder or a {@code .safetensors} file with {@link HuggingFaceLoader}, every other file
   * with {@link GgufLoader}.
   *
   * @param placement which kernels will compute with which weights
   * @param access of the files with weights
   * @param listener hears of the weights as soon as they are found
   * @throws ModelFormatException if a file is broken or contradicts itself
   * @throws UnsupportedModelException if it is another architecture, or stored in a way we do not
   *     read
   * @throws IOException if it cannot be read
   */
  public static LoadedModel load(
      Path path, Placement placement, FileAccess access, WeightsListener listener)
      throws IOException {
    return HfFolder.isOne(path)
        ? HuggingFaceLoader.load(path, placement, access, listener)
        : GgufLoader.load(path, placement, access, listener);
  }
}
