package dev.chaski.benchmarks;

import dev.chaski.kernels.IntTensor;
import dev.chaski.kernels.Kernels;
import dev.chaski.kernels.KernelsChoice;
import dev.chaski.kernels.KernelsOptions;
import dev.chaski.kernels.KvRows;
import dev.chaski.kernels.KvShape;
import dev.chaski.kernels.KvSlab;
import dev.chaski.kernels.Tensor;
import dev.chaski.kernels.TensorType;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Attention of one layer, over a context that is already in its cache. Calls go from one layer's
 * cache to the next, as a model does, as far as {@link #MEMORY} allows. One operation is one layer.
 *
 * <p>All layers of a short context fit the last level of a large processor's cache, so a result may
 * be faster than memory allows.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(
    value = 3,
    jvmArgsAppend = {"--add-modules", "jdk.incubator.vector"})
public class AttentionBenchmark implements Measured {
  /** Bytes of all caches together, at most (but one is always made). */
  private static final long MEMORY = 512L << 20;

  /** Positions stored at a time. */
  private static final int CHUNK = 256;

  /** Makes some positions count more than others, as in a model. */
  private static final float QUERY_SCALE = 8;

  private static final int KEYS = 1;
  private static final int VALUES = 2;
  private static final int QUERIES = 3;

  @Param({"vector"})
  public String provider;

  @Param({"1b"})
  public String shape;

  @Param({"1024", "8192", "32768", "131072"})
  public int context;

  @Param({"F16"})
  public TensorType cache;

  /** The last ones of the context: 1 for decoding, more for a prompt. */
  @Param({"1"})
  public int tokens;

  @Param({"1"})
  public int threads;

  private Kernels kernels;
  private List<KvRows> layers;
  private Tensor q; // (tokens, numHeads * headDim)
  private Tensor out;
  private IntTensor positions;
  private int next;

  /** JMH wants it. */
  public AttentionBenchmark() {}

  /** Fills the caches, and checks an answer. */
  @Setup
  public void setUp() {
    ModelShape model = ModelShape.named(shape);
    KvShape kv = new KvShape(model.numKvHeads, model.headDim, cache);
    kernels = KernelsChoice.named(provider).provider().create(new KernelsOptions(threads));
    IntTensor sequences = kernels.ints();
    sequences.set(new int[tokens], tokens);
    long most = Math.clamp(MEMORY / (context * kv.bytesPerPosition()), 1, model.numLayers);
    layers = new ArrayList<>();
    for (int i = 0; i < most; i++) {
      KvSlab slab = kernels.kvSlab(kv);
      slab.reserve(context);
      layers.add(new KvRows(List.of(slab), sequences));
    }
    fill(kv);
    int columns = model.numHeads * model.headDim;
    q = kernels.tensor(tokens, columns);
    out = kernels.tensor(tokens, columns);
    for (int i = 0; i < tokens; i++) {
      kernels.write(q, i, row(QUERIES, context - tokens + i, columns, QUERY_SCALE));
    }
    positions = kernels.ints();
    positions.set(IntStream.range(context - tokens, context).toArray(), tokens);
    check(model);
  }

  private void fill(KvShape kv) {
    Tensor k = kernels.tensor(CHUNK, kv.columns());
    Tensor v = kernels.tensor(CHUNK, kv.columns());
    IntTensor places = kernels.ints();
    IntTensor sequences = kernels.ints();
    for (int from = 0; from < context; from += CHUNK) {
      int rows = Math.min(CHUNK, context - from);
      k.resize(rows);
      v.resize(rows);
      for (int i = 0; i < rows; i++) {
        kernels.write(k, i, row(KEYS, from + i, kv.columns(), 1));
        kernels.write(v, i, row(VALUES, from + i, kv.columns(), 1));
      }
      sequences.set(new int[rows], rows);
      places.set(IntStream.range(from, from + rows).toArray(), rows);
      for (KvRows layer : layers) {
        kernels.storeKv(new KvRows(layer.slabs(), sequences), k, v, places);
      }
    }
  }

  /** Numbers in [-scale, scale) that can be made again: those of a position. */
  private static float[] row(int kind, int position, int columns, float scale) {
    float[] row = new float[columns];
    for (int i = 0; i < columns; i++) {
      int hash = (kind * 0x9E3779B9) ^ (position * 0x85EBCA6B) ^ (i * 0xC2B2AE35);
      hash = (hash ^ (hash >>> 16)) * 0x7FEB352D;
      hash = (hash ^ (hash >>> 15)) * 0x846CA68B;
      row[i] = scale * (hash ^ (hash >>> 16)) * 0x1p-31f;
    }
    return row;
  }

  /** The last token's last head, against softmax in double. */
  private void check(ModelShape model) {
    kernels.attention(out, q, layers.getFirst(), model.numHeads, positions);
    int headDim = model.headDim;
    int columns = model.numKvHeads * headDim;
    int queryFrom = (model.numHeads - 1) * headDim;
    int from = columns - headDim;
    float[] query = row(QUERIES, context - 1, model.numHeads * headDim, QUERY_SCALE);
    double[] sum = new double[headDim];
    double weights = 0;
    for (int position = 0; position < context; position++) {
      float[] key = asStored(row(KEYS, position, columns, 1));
      float[] value = asStored(row(VALUES, position, columns, 1));
      double score = 0;
      for (int i = 0; i < headDim; i++) {
        score += (double) query[queryFrom + i] * key[from + i];
      }
      double weight = Math.exp(score / Math.sqrt(headDim));
      weights += weight;
      for (int i = 0; i < headDim; i++) {
        sum[i] += weight * value[from + i];
      }
    }
    float[] actual = new float[model.numHeads * headDim];
    kernels.read(out, tokens - 1, actual, 0);
    for (int i = 0; i < headDim; i++) {
      // Values are below 1, and so is their mean; scores are sums of headDim products below 8.
      double tolerance = 8 * headDim * 0x1p-24 + Math.sqrt(context) * 0x1p-24;
      Answers.requireClose("value " + i, actual[queryFrom + i], sum[i] / weights, tolerance);
    }
  }

  /** As the cache gives it back. */
  private float[] asStored(float[] row) {
    if (cache != TensorType.F32) {
      MemorySegment stored = MemorySegment.ofArray(new byte[(int) cache.byteSize(row.length)]);
      cache.encoder().orElseThrow().encode(row, 0, stored, 0, row.length);
      cache.decoder().decode(stored, 0, row, 0, row.length);
    }
    return row;
  }

  /** Frees the memory and stops the threads. */
  @TearDown
  public void tearDown() {
    layers.forEach(layer -> layer.slabs().forEach(KvSlab::close));
    kernels.close();
  }

  /** One layer. */
  @Benchmark
  public Tensor attention() {
    kernels.attention(out, q, layers.get(next), ModelShape.named(shape).numHeads, positions);
    next = (next + 1) % layers.size();
    return out;
  }

  @Override
  public Work work() {
    ModelShape model = ModelShape.named(shape);
    KvShape kv = new KvShape(model.numKvHeads, model.headDim, cache);
    long pairs = (long) tokens * context - (long) tokens * (tokens - 1) / 2;
    return new Work(
        context * kv.bytesPerPosition(), 4 * pairs * model.numHeads * model.headDim, true);
  }
}
