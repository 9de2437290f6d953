package dev.chaski.convert;

import dev.chaski.gguf.GgufWriter;
import dev.chaski.kernels.TensorType;
import dev.chaski.kernels.quant.LittleEndian;
import dev.chaski.load.HuggingFaceModel;
import dev.chaski.load.StoredLayer;
import dev.chaski.load.StoredMatrix;
import dev.chaski.load.StoredWeights;
import dev.chaski.model.LlamaConfig;
import dev.chaski.model.RopeScaling;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.IntUnaryOperator;

/** The tensors of a GGUF file, made of the weights of a checkpoint. Names: {@code gguf-py}. */
final class ExportedWeights {
  private record Matrix(String name, StoredValues values) {
    List<Long> shape() {
      return List.of((long) values.matrix().columns(), (long) values.matrix().rows());
    }

    long byteSize() {
      return values.matrix().tensor().data().byteSize();
    }
  }

  private record Vector(String name, float[] values) {}

  private final HuggingFaceModel model;
  private final Optional<TensorTypeRules> rules;
  private final FileType fileType;
  private final List<Matrix> matrices = new ArrayList<>();
  private final List<Vector> vectors = new ArrayList<>();

  /**
   * Of a model.
   *
   * @param wanted what matrices become; empty to keep what they are
   */
  ExportedWeights(HuggingFaceModel model, Optional<FileType> wanted) {
    this.model = model;
    LlamaConfig config = model.config();
    this.rules =
        wanted.map(type ->
            new TensorTypeRules(
                type,
                config.numLayers(),
                config.numKvHeads() != config.numHeads(),
                model.weights().output().isEmpty()));
    this.fileType =
        wanted.orElseGet(
            () -> FileType.valueOf(ownType(model.weights().layers().getFirst().wGate()).name()));
    collect();
  }

  /** What most of the weights become. */
  FileType fileType() {
    return fileType;
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
    matrix(prefix + "attn_q", layer.wq(), pairs);
    matrix(prefix + "attn_k", layer.wk(), pairs);
    matrix(prefix + "attn_v", layer.wv());
    matrix(prefix + "attn_output", layer.wo());
    vector(prefix + "ffn_norm", layer.ffnNorm());
    matrix(prefix + "ffn_gate", layer.wGate());
    matrix(prefix + "ffn_up", layer.wUp());
    matrix(prefix + "ffn_down", layer.wDown());
  }

  private void matrix(String name, StoredMatrix stored) {
    matrix(name, stored, row -> row);
  }

  private void matrix(String name, StoredMatrix stored, IntUnaryOperator rowOrder) {
    matrices.add(new Matrix(name + ".weight", new StoredValues(stored, rowOrder)));
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
      vectors.add(new Vector("rope_freqs.weight", factors));
    }
  }

  /** Announces all tensors; they are converted when the file is written. */
  void addAll(GgufWriter writer, TensorConverter converter, QuantizationListener listener) {
    for (Vector vector : vectors) {
      writer.addTensor(
          vector.name(),
          TensorType.F32,
          List.of((long) vector.values().length),
          littleEndian(vector.values()));
    }
    long total = matrices.stream().mapToLong(Matrix::byteSize).sum();
    long before = 0;
    for (Matrix matrix : matrices) {
      TensorType type = targetType(matrix);
      long start = before;
      writer.addTensor(
          matrix.name(),
          type,
          matrix.shape(),
          out ->
              converter.convert(
                  matrix.values(),
                  type,
                  out,
                  done -> listener.onProgress(matrix.name(), start + done, total)));
      before += matrix.byteSize();
    }
  }

  private static MemorySegment littleEndian(float[] values) {
    MemorySegment bytes = MemorySegment.ofArray(new byte[Float.BYTES * values.length]);
    MemorySegment.copy(values, 0, bytes, LittleEndian.FLOAT, 0, values.length);
    return bytes;
  }

  private TensorType targetType(Matrix matrix) {
    TensorType own = ownType(matrix.values().matrix());
    return rules.map(rule -> rule.typeOf(matrix.name(), matrix.shape(), own)).orElse(own);
  }

  /** What a matrix is when nothing else is wanted: GGUF has no FP8. */
  private static TensorType ownType(StoredMatrix matrix) {
    return matrix.type() == TensorType.F8_E4M3 ? TensorType.BF16 : matrix.type();
  }
}
