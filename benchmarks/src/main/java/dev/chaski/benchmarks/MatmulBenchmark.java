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
 * A weight matrix times one token (decode) or a batch (prefill), from memory: each call takes
 * another of several matrices, together larger than any cache. One operation is one matrix.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(
    value = 3,
    jvmArgsAppend = {"--add-modules", "jdk.incubator.vector"})
public class MatmulBenchmark {
  private static final long WORKING_SET = 512L << 20;

  @Param({"vector", "scalar"})
  public String provider;

  @Param // all
  public TensorType type;

  @Param({"2048x8192"})
  public String rowsByColumns;

  @Param({"1"})
  public int tokens;

  @Param({"1"})
  public int threads;

  private Kernels kernels;
  private List<Weight> weights;
  private Tensor x;
  private Tensor out;
  private int next;
  private Arena arena;

  /** JMH wants it. */
  public MatmulBenchmark() {}

  /** Fills memory with matrices. */
  @Setup
  public void setUp() throws IOException {
    String[] sizes = rowsByColumns.split("x", 2);
    int rows = Integer.parseInt(sizes[0]);
    int columns = Integer.parseInt(sizes[1]);
    kernels = KernelsChoice.named(provider).provider().create(new KernelsOptions(threads));
    arena = Arena.ofShared();
    RandomBlocks blocks = new RandomBlocks(type, 0.02f, 1);
    long bytes = type.byteSize((long) rows * columns);
    weights = new ArrayList<>();
    for (long filled = 0; filled < WORKING_SET; filled += bytes) {
      MemorySegment data = arena.allocate(bytes, 64);
      blocks.writeTo(new SegmentChannel(data), (long) rows * columns);
      weights.add(kernels.weight(type, rows, columns, data));
    }
    x = kernels.tensor(tokens, columns);
    out = kernels.tensor(tokens, rows);
    float[] row = new float[columns];
    for (int i = 0; i < columns; i++) {
      row[i] = (float) Math.sin(i);
    }
    for (int i = 0; i < tokens; i++) {
      kernels.write(x, i, row);
    }
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
