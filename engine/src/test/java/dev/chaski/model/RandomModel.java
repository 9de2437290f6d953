package dev.chaski.model;

import dev.chaski.gguf.GgufFile;
import dev.chaski.kernels.Kernels;
import dev.chaski.kernels.KernelsChoice;
import dev.chaski.kernels.KernelsOptions;
import dev.chaski.kernels.TensorType;
import dev.chaski.load.GgufLoader;
import dev.chaski.load.LlamaGguf;
import dev.chaski.load.LlamaShape;
import dev.chaski.load.LlamaShape.Rope;
import dev.chaski.load.LoadedModel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;

/** An open model of random weights with what tests do to it. */
final class RandomModel implements AutoCloseable {
  /** Shapes that between them have every number of query heads to a key head, and every option. */
  static final List<LlamaShape> SHAPES =
      List.of(
          new LlamaShape(
              "1 query head to a key head, tied",
              32,
              48,
              2,
              4,
              4,
              8,
              259,
              true,
              Rope.NONE,
              TensorType.F32),
          new LlamaShape(
              "2 to 1, wide heads, untied, linear",
              32,
              40,
              2,
              4,
              2,
              12,
              259,
              false,
              Rope.LINEAR,
              TensorType.F32),
          new LlamaShape(
              "4 to 1, narrow heads, tied, factors",
              64,
              72,
              3,
              8,
              2,
              6,
              300,
              true,
              Rope.FACTORS,
              TensorType.F16),
          new LlamaShape(
              "6 to 1, one key head, untied, llama3",
              48,
              56,
              1,
              6,
              1,
              16,
              259,
              false,
              Rope.LLAMA3,
              TensorType.BF16),
          new LlamaShape(
              "quantized, llama3", 64, 96, 2, 4, 2, 16, 259, true, Rope.LLAMA3, TensorType.Q8_0));

  private static final long SEED = 20260101;

  private final Kernels kernels;
  private final LoadedModel loaded;

  private RandomModel(Kernels kernels, LoadedModel loaded) {
    this.kernels = kernels;
    this.loaded = loaded;
  }

  /** Writes the model of that shape into the folder; always the same one. */
  static Path write(LlamaShape shape, Path folder) throws IOException {
    return new LlamaGguf(shape, SEED).writeTo(folder.resolve("random.gguf"));
  }

  static RandomModel open(Path file, String kernelsName, int threads) throws IOException {
    Kernels kernels =
        KernelsChoice.named(kernelsName).provider().create(new KernelsOptions(threads));
    try {
      return new RandomModel(kernels, GgufLoader.load(file, kernels));
    } catch (Throwable e) {
      kernels.close();
      throw e;
    }
  }

  /** Writes and opens. */
  static RandomModel open(LlamaShape shape, Path folder, String kernelsName) throws IOException {
    return open(write(shape, folder), kernelsName, 2);
  }

  LlamaModel model() {
    return loaded.model();
  }

  KvCache newCache() {
    return model().newCache(TensorType.F32, 256);
  }

  /** Random ids, the same for the same seed. */
  int[] ids(int count, long seed) {
    return new Random(seed).ints(count, 0, model().config().vocabSize()).toArray();
  }

  /** Logits after every token, computed in passes of {@code chunk} tokens. */
  float[][] logits(KvCache cache, int[] ids, int chunk) {
    Activations a = model().newActivations();
    Batch batch = new Batch();
    float[][] rows = new float[ids.length][];
    for (int from = 0; from < ids.length; from += chunk) {
      batch.clear();
      int to = Math.min(ids.length, from + chunk);
      for (int i = from; i < to; i++) {
        batch.add(cache, ids[i], true);
      }
      model().forward(batch, a);
      for (int i = from; i < to; i++) {
        rows[i] = row(a, i - from);
      }
    }
    return rows;
  }

  /** As above, with a sequence of its own. */
  float[][] logits(int[] ids, int chunk) {
    try (KvCache cache = newCache()) {
      return logits(cache, ids, chunk);
    }
  }

  /** A row of the logits of the last pass. */
  float[] row(Activations a, int index) {
    float[] row = new float[model().config().vocabSize()];
    model().kernels().read(a.logits(), index, row, 0);
    return row;
  }

  /** The same in double precision, by other code. */
  static double[][] reference(Path file, RopeScaling scaling, int[] ids) throws IOException {
    try (GgufFile gguf = GgufFile.open(file)) {
      return new Float64Llama(gguf, scaling).logits(ids);
    }
  }

  /**
   * How far apart two float32 evaluations of the logits may be. Each is made of stages (ten in a
   * block: norms, products, rotation, scores, weighted sum, gate; three around them) that end in
   * sums of up to n products. Rounding errors of a sum of random products are random too, so they
   * come to about √n * 2^-24 of the result, and those of all stages to √(stages * n) * 2^-24 of the
   * logits' size. Ten times that leaves room for the worst of many values; what there is of errors
   * is a tenth of it. A mistake, such as a wrong position, is as large as the logits.
   */
  double tolerance(float[][] logits) {
    LlamaConfig config = model().config();
    int longestSum =
        Math.max(config.queryColumns(), Math.max(config.hiddenSize(), config.intermediateSize()));
    double squares = 0;
    for (float[] row : logits) {
      for (float value : row) {
        squares += (double) value * value / row.length / logits.length;
      }
    }
    double stages = 10.0 * config.numLayers() + 3;
    return 10 * Math.sqrt(stages * longestSum) * 0x1p-24 * Math.sqrt(squares);
  }

  @Override
  public void close() {
    loaded.close();
    kernels.close();
  }
}
