package dev.chaski.convert;

import dev.chaski.format.ModelFormatException;
import dev.chaski.format.UnsupportedModelException;
import dev.chaski.gguf.GgufWriter;
import dev.chaski.kernels.parallel.WorkerPool;
import dev.chaski.load.HuggingFaceModel;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes a Hugging Face checkpoint as one GGUF file, with the keys and names that llama.cpp's
 * converter gives: weights, vocabulary, chat templates, sampling.
 *
 * <pre>{@code
 * try (HuggingFaceModel source = HuggingFaceModel.open(folder);
 *     WorkerPool pool = new WorkerPool(8)) {
 *   ExportPlan plan = ExportPlan.of(source, Optional.of(FileType.Q8_0));
 *   new GgufExporter(pool).write(plan, out, (tensor, done, total) -> {});
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
   * @param target must not be a file of the checkpoint; its folder must exist
   * @throws IllegalArgumentException if {@code target} is a file of the checkpoint
   * @throws ModelFormatException if a weight is NaN or infinite, or the source was cut meanwhile
   * @throws UnsupportedModelException if a weight is too large for its new type
   * @throws IOException if a file cannot be read or written
   */
  public void write(ExportPlan plan, Path target, QuantizationListener listener)
      throws IOException {
    HuggingFaceModel source = plan.source();
    TargetFile.check(target, files(source));
    GgufWriter writer = new GgufWriter();
    new ExportedMetadata(source, plan.fileType()).putAll(writer);
    new ExportedTokenizer(source).putAll(writer);
    plan.addAll(writer, new TensorConverter(pool), listener);
    writer.writeTo(target);
  }

  /** All files of the checkpoint: mapped ones, and those that have been read. */
  private static List<Path> files(HuggingFaceModel source) throws IOException {
    List<Path> files = new ArrayList<>(source.checkpoint().files());
    Path folder = source.tokenizerFile().toAbsolutePath().getParent();
    try (DirectoryStream<Path> others = Files.newDirectoryStream(folder, "*.{json,jinja}")) {
      others.forEach(files::add);
    }
    return files;
  }
}
