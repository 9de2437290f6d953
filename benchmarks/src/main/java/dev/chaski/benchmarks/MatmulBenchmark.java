package dev.chaski.benchmarks;

import dev.chaski.kernels.Kernels;
import dev.chaski.kernels.KernelsChoice;
import dev.chaski.kernels.KernelsOptions;
import dev.chaski.kernels.Tensor;
import dev.chaski.kernels.TensorType;
import dev.chaski.kernels.Weight;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
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
 * A weight matrix times one token (decode) or a batch (prefill). One operation is one matrix.
 *
 * <p>From {@code memory}, as a model decodes: each call takes another of several matrices, together
 * larger than any cache, so the memory's speed bounds it. From {@code cache}: always the same
 * matrix, of as many rows as fit the second-level cache, so what shows is the computation.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(
    value = 3,
    jvmArgsAppend = {"--add-modules", "jdk.incubator.vector"})
public class MatmulBenchmark implements Measured {
  /** Bytes of all matrices together when they come from memory. */
  private static final long MEMORY = 512L << 20;

  /** Bytes of the one matrix that stays in the cache: half of a small second level. */
  private static final long CACHE = 512L << 10;

  /** Where the weights come from. */
  public enum WorkingSet {
    memory,
    cache
  }

  @Param({"vector", "scalar"})
  public String provider;

  @Param // all
  public TensorType type;

  /** As {@link MatrixShape#parse}. */
  @Param({"1b.down"})
  public String rowsByColumns;

  @Param({"1"})
  public int tokens;

  @Param({"1"})
  public int threads;

  @Param({"memory"})
  public WorkingSet workingSet;

  private Kernels kernels;
  private List<Weight> weights;
  private Tensor x;
  private Tensor out;
  private int next;
  private Arena arena;

  /** JMH wants it. */
  public MatmulBenchmark() {}

  /** Fills memory with matrices, and checks a product. */
  @Setup
  public void setUp() throws IOException {
    MatrixShape shape = shape();
    kernels = KernelsChoice.named(provider).provider().create(new KernelsOptions(threads));
    arena = Arena.ofShared();
    RandomBlocks blocks = new RandomBlocks(type, 0.02f, 1);
    long bytes = type.byteSize(shape.values());
    long enough = workingSet == WorkingSet.cache ? bytes : MEMORY;
    weights = new ArrayList<>();
    MemorySegment first = null;
    for (long filled = 0; filled < enough; filled += bytes) {
      MemorySegment data = arena.allocate(bytes, 64);
      blocks.writeTo(new SegmentChannel(data), shape.values());
      weights.add(kernels.weight(type, shape.rows(), shape.columns(), data));
      first = first == null ? data : first;
    }
    x = kernels.tensor(tokens, shape.columns());
    out = kernels.tensor(tokens, shape.rows());
    float[] row = new float[shape.columns()];
    for (int i = 0; i < row.length; i++) {
      row[i] = (float) Math.sin(i);
    }
    for (int i = 0; i < tokens; i++) {
      kernels.write(x, i, row);
    }
    check(first, row);
  }

  /** The last token's first, middle and last value, against a sum in double. */
  private void check(MemorySegment data, float[] input) {
    MatrixShape shape = shape();
    kernels.matmul(out, weights.getFirst(), x);
    float[] actual = new float[shape.rows()];
    kernels.read(out, tokens - 1, actual, 0);
    float[] weight = new float[shape.columns()];
    for (int row : new int[] {0, shape.rows() / 2, shape.rows() - 1}) {
      type.decoder().decode(data, row * type.byteSize(shape.columns()), weight, 0, shape.columns());
      double sum = 0;
      double magnitude = 0;
      for (int i = 0; i < weight.length; i++) {
        sum += (double) weight[i] * input[i];
        magnitude += Math.abs((double) weight[i] * input[i]);
      }
      Answers.requireClose("row " + row, actual[row], sum, shape.columns() * 0x1p-24 * magnitude);
    }
  }

  /** Of one matrix. */
  private MatrixShape shape() {
    MatrixShape shape = MatrixShape.parse(rowsByColumns);
    if (workingSet == WorkingSet.cache) {
      int rows = Math.clamp(CACHE / type.byteSize(shape.columns()), 1, shape.rows());
      return new MatrixShape(rows, shape.columns());
    }
    return shape;
  }

  @Override
  public Work work() {
    MatrixShape shape = shape();
    return new Work(
        type.byteSize(shape.values()),
        2 * shape.values() * tokens,
        workingSet == WorkingSet.memory);
  }

  /** Stops the threads and frees the memory. */
  @TearDown
  public void tearDown() {
    kernels.close();
    arena.close();
  }

  /** One matrix. */
  @Benchmark
  public Tensor matmul() {
    kernels.matmul(out, weights.get(next), x);
    next = (next + 1) % weights.size();
    return out;
  }

  /** Writes into memory. */
  private static final class SegmentChannel implements WritableByteChannel {
    private final ByteBuffer buffer;

    SegmentChannel(MemorySegment segment) {
      this.buffer = segment.asByteBuffer();
    }

    @Override
    public int write(ByteBuffer src) {
      int count = src.remaining();
      buffer.put(src);
      return count;
    }

    @Override
    public boolean isOpen() {
      return true;
    }

    @Override
    public void close() {}
  }
}
