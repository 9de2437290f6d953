package dev.chaski.load;

import dev.chaski.format.ModelFormatException;
import dev.chaski.format.UnsupportedModelException;
import dev.chaski.gguf.GgufWriter;
import dev.chaski.kernels.TensorType;
import dev.chaski.kernels.parallel.WorkerPool;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Writes a Hugging Face checkpoint as one GGUF file, with the keys and names that llama.cpp's
 * converter gives: weights, vocabulary, chat templates, sampling.
 *
 * <p>Three things change on the way. The rows of Q and K move from half-split to neighbouring
 * pairs, as GGUF's rotation wants them; Llama 3.1's frequency scaling becomes the tensor {@code
 * rope_freqs.weight}; and FP8 weights, which GGUF cannot hold, become BF16 (which rounds once:
 * scales are multiplied in) or another type. Norms become F32.
 */
public final class GgufExporter {
  /** Hears how far an export is. */
  @FunctionalInterface
  public interface Progress {
    /**
     * A tensor is about to be written.
     *
     * @param done tensors written before
     * @param total tensors of the model
     * @param name of this one
     */
    void onTensor(int done, int total, String name);
  }

  private GgufExporter() {}

  /** The types that weights can be written in. */
  public static List<TensorType> types() {
    return Arrays.stream(TensorType.values())
        .filter(type -> type == TensorType.F32 || type.encoder().isPresent())
        .toList();
  }

  /**
   * Writes the file. It appears under its name only when it is complete, and then takes the place
   * of one that was there; on failure nothing is left.
   *
   * @param source the folder of a checkpoint, or a safetensors file in it
   * @param type of all matrices; empty for what each of them has, BF16 for FP8. A matrix whose rows
   *     are no whole blocks of it becomes Q8_0, or else stays as it would without
   * @param threads threads that convert
   * @throws IllegalArgumentException if {@code type} is not one of {@link #types}
   * @throws ModelFormatException if the checkpoint is broken
   * @throws UnsupportedModelException if it is of a kind we do not read, or a weight is too large
   *     for F16
   * @throws IOException if a file cannot be read or written
   */
  public static void export(
      Path source, Path target, Optional<TensorType> type, int threads, Progress progress)
      throws IOException {
    if (type.isPresent() && !types().contains(type.get())) {
      throw new IllegalArgumentException(
          "weights cannot be written as " + type.get() + "; possible are " + types());
    }
    HfModel model = HfModel.open(source);
    try (WorkerPool pool = new WorkerPool(threads)) {
      GgufWriter writer = new GgufWriter();
      ExportedWeights weights = new ExportedWeights(model, type, pool, progress);
      ExportedMetadata.of(model, weights.mainType()).putAll(writer);
      new ExportedTokenizer(model).putAll(writer);
      weights.addAll(writer);
      writer.writeTo(target);
    } finally {
      model.checkpoint().close();
    }
  }
}
