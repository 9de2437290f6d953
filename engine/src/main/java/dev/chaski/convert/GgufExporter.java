package dev.chaski.convert;

import dev.chaski.format.ModelFormatException;
import dev.chaski.format.UnsupportedModelException;
import dev.chaski.gguf.GgufWriter;
import dev.chaski.kernels.parallel.WorkerPool;
import dev.chaski.load.HuggingFaceModel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Writes a Hugging Face checkpoint as one GGUF file, with the keys and names that llama.cpp's
 * converter gives: weights, vocabulary, chat templates, sampling.
 *
 * <pre>{@code
 * try (HuggingFaceModel source = HuggingFaceModel.open(folder);
 *     WorkerPool pool = new WorkerPool(8)) {
 *   Optional<FileType> type = Optional.of(FileType.Q8_0);
 *   new GgufExporter(pool).write(source, type, out, (tensor, done, total) -> {});
 * }
 * }</pre>
 *
 * <p>Three things change on the way. The rows of Q and K move from half-split to neighbouring
 * pairs, as GGUF's rotation wants them; Llama 3.1's frequency scaling becomes the tensor {@code
 * rope_freqs.weight}; and FP8 weights, which GGUF cannot hold, become BF16 (rounded once, their
 * scales multiplied in) or another type. Norms become F32.
 *
 * <p>Keeps nothing between calls, so it may be shared between threads.
 */
public final class GgufExporter {
  private final WorkerPool pool;

  /** An exporter that works with these threads; the pool stays the caller's to close. */
  public GgufExporter(WorkerPool pool) {
    this.pool = pool;
  }

  /**
   * Writes the file, under a temporary name beside {@code target} that becomes {@code target} when
   * it is complete. On failure nothing is left, and a {@code target} that was there stays as it
   * was.
   *
   * @param fileType what matrices become, by the rules of {@link QuantizationPlan#of}; empty to
   *     keep what each of them is, BF16 where it is FP8
   * @param target must not be a file of the source; its folder must exist
   * @throws IllegalArgumentException if {@code target} is a file of the source
   * @throws ModelFormatException if a weight is NaN or infinite, or the source was cut meanwhile
   * @throws UnsupportedModelException if a weight is too large for its new type
   * @throws IOException if a file cannot be read or written
   */
  public void write(
      HuggingFaceModel source,
      Optional<FileType> fileType,
      Path target,
      QuantizationListener listener)
      throws IOException {
    List<Path> files = new ArrayList<>(source.checkpoint().files());
    files.add(source.tokenizerFile());
    TargetFile.check(target, files);
    ExportedWeights weights = new ExportedWeights(source, fileType);
    GgufWriter writer = new GgufWriter();
    new ExportedMetadata(source, weights.fileType()).putAll(writer);
    new ExportedTokenizer(source).putAll(writer);
    weights.addAll(writer, new TensorConverter(pool), listener);
    writer.writeTo(target);
  }
}
