package dev.chaski.convert;

import dev.chaski.gguf.GgufFile;
import dev.chaski.kernels.parallel.WorkerPool;
import java.io.IOException;
import java.nio.file.Path;

/** Runs the quantizer as its users do. */
final class Quantized {
  private Quantized() {}

  /** Writes {@code source} as {@code target}; gives {@code target}. */
  static Path write(Path source, FileType fileType, Path target) throws IOException {
    return write(source, fileType, target, 2, (_, _, _) -> {});
  }

  static Path write(
      Path source, FileType fileType, Path target, int threads, QuantizationListener listener)
      throws IOException {
    try (GgufFile file = GgufFile.open(source);
        WorkerPool pool = new WorkerPool(threads)) {
      new Quantizer(pool).write(QuantizationPlan.of(file, fileType), target, listener);
    }
    return target;
  }
}
