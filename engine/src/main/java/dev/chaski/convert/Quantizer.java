package dev.chaski.convert;

import dev.chaski.convert.QuantizationPlan.PlannedTensor;
import dev.chaski.format.ModelFormatException;
import dev.chaski.format.UnsupportedModelException;
import dev.chaski.gguf.GgufTensor;
import dev.chaski.gguf.GgufWriter;
import dev.chaski.kernels.parallel.WorkerPool;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;

/**
 * Writes a GGUF file again with its weights in other types. Metadata stays byte for byte, but for
 * the keys that say how the file is quantized; a split model becomes one file. Needs little memory,
 * whatever the size of the model.
 *
 * <pre>{@code
 * try (GgufFile source = GgufFile.open(in);
 *     WorkerPool pool = new WorkerPool(8)) {
 *   QuantizationPlan plan = QuantizationPlan.of(source, FileType.Q4_K_M);
 *   new Quantizer(pool).write(plan, out, (tensor, done, total) -> {});
 * }
 * }</pre>
 *
 * <p>Keeps nothing between calls, so it may be shared between threads.
 */
public final class Quantizer {
  private static final String FILE_TYPE = "general.file_type";
  private static final String QUANTIZATION_VERSION = "general.quantization_version";

  /** ggml's {@code GGML_QNT_VERSION}: the layouts of the blocks, unchanged since 2023. */
  private static final int CURRENT_QUANTIZATION_VERSION = 2;

  private static final Set<String> REWRITTEN = Set.of(FILE_TYPE, QUANTIZATION_VERSION);

  private final WorkerPool pool;

  /** A quantizer that works with these threads; the pool stays the caller's to close. */
  public Quantizer(WorkerPool pool) {
    this.pool = pool;
  }

  /**
   * Writes the file, under a temporary name beside {@code target} that becomes {@code target} when
   * it is complete. On failure nothing is left, and a {@code target} that was there stays as it
   * was.
   *
   * @param target must not be a file of the source; its folder must exist
   * @throws IllegalArgumentException if {@code target} is a file of the source
   * @throws ModelFormatException if a weight is NaN or infinite, or the source was cut meanwhile
   * @throws UnsupportedModelException if a weight is too large for its new type
   * @throws IOException if the file cannot be written
   */
  public void write(QuantizationPlan plan, Path target, QuantizationListener listener)
      throws IOException {
    TargetFile.check(target, plan.source().files());
    GgufWriter writer =
        new GgufWriter()
            .copyMetadata(plan.source().metadata(), key -> !REWRITTEN.contains(key))
            .putUint32(QUANTIZATION_VERSION, CURRENT_QUANTIZATION_VERSION)
            .putUint32(FILE_TYPE, plan.fileType().id());
    TensorConverter converter = new TensorConverter(pool);
    long total = plan.sourceBytes();
    long before = 0;
    for (PlannedTensor tensor : plan.tensors()) {
      GgufTensor source = tensor.source();
      long start = before;
      writer.addTensor(
          source.name(),
          tensor.type(),
          source.shape(),
          out ->
              converter.convert(
                  new GgufValues(source),
                  tensor.type(),
                  out,
                  done -> listener.onProgress(source.name(), start + done, total)));
      before += source.data().byteSize();
    }
    writer.writeTo(target);
  }
}
