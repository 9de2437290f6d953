package dev.chaski.benchmarks;

import dev.chaski.kernels.parallel.WorkerPool;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
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
 * What the machine can do, as far as Java can ask for it: bytes read from memory, and fused
 * multiply-adds in registers. The other benchmarks are held against it.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
    value = 2,
    jvmArgsAppend = {"--add-modules", "jdk.incubator.vector"})
public class RooflineBenchmark implements Measured {
  /** Which of the machine's limits. */
  public enum Limit {
    memory,
    fma
  }

  /** Bytes that a thread reads in one go. */
  private static final int PIECE = 4 << 20;

  /** Multiply-adds of a thread, whatever the width of its registers. */
  private static final long MULTIPLY_ADDS = (long) RooflineLoops.ACCUMULATORS << 24;

  @Param // both
  public Limit limit;

  @Param({"1", "2"})
  public int threads;

  /** Bytes that are read, in mebibytes: more than any cache holds. */
  @Param({"512"})
  public int mebibytes;

  private WorkerPool pool;
  private Arena arena;
  private MemorySegment memory;

  /** JMH wants it. */
  public RooflineBenchmark() {}

  /** Fills the memory, and checks an answer. */
  @Setup
  public void setUp() {
    pool = new WorkerPool(threads);
    arena = Arena.ofShared();
    memory = arena.allocate(limit == Limit.memory ? (long) mebibytes << 20 : 0, 64);
    long expected = 0;
    for (long i = 0; i < memory.byteSize() / Long.BYTES; i++) {
      memory.setAtIndex(ValueLayout.JAVA_LONG, i, i * i);
      expected += i * i;
    }
    double actual = run();
    if (limit == Limit.memory) {
      Answers.require("the sum of memory is " + actual, actual == (double) expected);
    } else {
      Answers.requireClose(
          "the sum of lanes", actual, (double) RooflineLoops.fixedPoint() * threads, 0);
    }
  }

  /** Frees the memory and stops the threads. */
  @TearDown
  public void tearDown() {
    pool.close();
    arena.close();
  }

  /** All of memory read once, or a fixed number of operations on each thread. */
  @Benchmark
  public double run() {
    LongAdder sum = new LongAdder();
    switch (limit) {
      case memory ->
          pool.run(
              Math.toIntExact(memory.byteSize() / PIECE),
              i -> sum.add(RooflineLoops.sum(memory.asSlice((long) i * PIECE, PIECE))));
      case fma -> pool.run(threads, _ -> sum.add(RooflineLoops.multiplyAdd(MULTIPLY_ADDS)));
    }
    return sum.sum();
  }

  @Override
  public Work work() {
    return limit == Limit.memory
        ? new Work((long) mebibytes << 20, 0, true)
        : new Work(0, 2 * MULTIPLY_ADDS * threads, false);
  }
}
