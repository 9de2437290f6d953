package dev.chaski.load;

import dev.chaski.gguf.GgufWriter;
import dev.chaski.kernels.TensorType;
import dev.chaski.kernels.parallel.WorkerPool;
import dev.chaski.kernels.quant.LittleEndian;
import dev.chaski.model.LlamaConfig;
import dev.chaski.model.RopeScaling;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.IntUnaryOperator;

/** The tensors of a GGUF file, made of the weights of a checkpoint. Names: {@code gguf-py}. */
final class ExportedWeights {
  private record Matrix(String name, StoredMatrix stored, IntUnaryOperator rowOrder) {}

  private record Vector(String name, float[] values) {}

  private final HfModel model;
  private final Optional<TensorType> type;
  private final WorkerPool pool;
  private final GgufExporter.Progress progress;
  private final List<Matrix> matrices = new ArrayList<>();
  private final List<Vector> vectors = new ArrayList<>();

  ExportedWeights(
      HfModel model, Optional<TensorType> type, WorkerPool pool, GgufExporter.Progress progress) {
    this.model = model;
    this.type = type;
    this.pool = pool;
    this.progress = progress;
    collect();
  }

  /** What the first block's largest matrix becomes, and with it most of the model. */
  TensorType mainType() {
    return targetType(model.weights().layers().getFirst().wGate());
  }

  private void collect() {
    LlamaConfig config = model.config();
    StoredWeights weights = model.weights();
    matrix("token_embd", weights.tokenEmbedding());
    ropeFactors(config);
    for (int i = 0; i < config.numLayers(); i++) {
      layer("blk." + i + ".", weights.layers().get(i), config.headDim());
    }
    vector("output_norm", weights.outputNorm());
    weights.output().ifPresent(output -> matrix("output", output));
  }

  private void layer(String prefix, StoredLayer layer, int headDim) {
    vector(prefix + "attn_norm", layer.attnNorm());
    IntUnaryOperator pairs = row -> halfSplitRow(row, headDim);
    matrices.add(new Matrix(prefix + "attn_q.weight", layer.wq(), pairs));
    matrices.add(new Matrix(prefix + "attn_k.weight", layer.wk(), pairs));
    matrix(prefix + "attn_v", layer.wv());
    matrix(prefix + "attn_output", layer.wo());
    vector(prefix + "ffn_norm", layer.ffnNorm());
    matrix(prefix + "ffn_gate", layer.wGate());
    matrix(prefix + "ffn_up", layer.wUp());
    matrix(prefix + "ffn_down", layer.wDown());
  }

  private void matrix(String name, StoredMatrix stored) {
    matrices.add(new Matrix(name + ".weight", stored, row -> row));
  }

  private void vector(String name, float[] values) {
    vectors.add(new Vector(name + ".weight", values));
  }

  /**
   * Where a row of Q or K comes from. In GGUF rows 2i and 2i + 1 of a head rotate together, in the
   * checkpoint rows i and i + headDim / 2.
   */
  static int halfSplitRow(int row, int headDim) {
    int inHead = row % headDim;
    return row - inHead + inHead / 2 + inHead % 2 * (headDim / 2);
  }

  /** What each frequency is divided by, where a single factor does not say it. */
  private void ropeFactors(LlamaConfig config) {
    if (config.ropeScaling() instanceof RopeScaling.Llama3 scaling) {
      float[] factors = new float[config.headDim() / 2];
      for (int i = 0; i < factors.length; i++) {
        double frequency = Math.pow(config.ropeTheta(), -2.0 * i / config.headDim());
        factors[i] = (float) scaling.divisor(i, frequency);
      }
      vectors.add(new Vector(GgufConfig.ROPE_FREQS, factors));
    }
  }

  /** Announces all tensors; they are converted when the file is written. */
  void addAll(GgufWriter writer) {
    int total = vectors.size() + matrices.size();
    int done = 0;
    for (Vector vector : vectors) {
      int before = done++;
      MemorySegment bytes = MemorySegment.ofArray(new byte[Float.BYTES * vector.values().length]);
      for (int i = 0; i < vector.values().length; i++) {
        bytes.set(LittleEndian.FLOAT, (long) Float.BYTES * i, vector.values()[i]);
      }
      writer.addTensor(
          vector.name(),
          TensorType.F32,
          List.of((long) vector.values().length),
          out -> {
            progress.onTensor(before, total, vector.name());
            ByteBuffer buffer = bytes.asByteBuffer();
            while (buffer.hasRemaining()) {
              out.write(buffer);
            }
          });
    }
    for (Matrix matrix : matrices) {
      int before = done++;
      StoredMatrix stored = matrix.stored();
      RowConverter converter =
          new RowConverter(stored, targetType(stored), matrix.rowOrder(), pool);
      writer.addTensor(
          matrix.name(),
          targetType(stored),
          List.of((long) stored.columns(), (long) stored.rows()),
          out -> {
            progress.onTensor(before, total, matrix.name());
            converter.writeTo(out);
          });
    }
  }

  private TensorType targetType(StoredMatrix matrix) {
    TensorType own = matrix.type() == TensorType.F8_E4M3 ? TensorType.BF16 : matrix.type();
    TensorType wanted = type.orElse(own);
    if (matrix.columns() % wanted.blockSize() == 0) {
      return wanted;
    }
    return matrix.columns() % TensorType.Q8_0.blockSize() == 0 ? TensorType.Q8_0 : own;
  }
}
