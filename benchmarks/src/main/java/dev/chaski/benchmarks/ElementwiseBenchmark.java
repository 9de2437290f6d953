package dev.chaski.benchmarks;

import dev.chaski.kernels.IntTensor;
import dev.chaski.kernels.Kernels;
import dev.chaski.kernels.KernelsChoice;
import dev.chaski.kernels.KernelsOptions;
import dev.chaski.kernels.RopeFrequencies;
import dev.chaski.kernels.RopePairing;
import dev.chaski.kernels.Tensor;
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
 * What a layer does between its matrices: norm, rotation, gate. One operation is what one layer
 * does once, for all tokens of a batch.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
    value = 3,
    jvmArgsAppend = {"--add-modules", "jdk.incubator.vector"})
public class ElementwiseBenchmark implements Measured {
  private static final float EPSILON = 1e-5f;

  /** The operations, named as the methods that measure them. */
  public enum Operation {
    rmsNorm,
    rope,
    swiGlu
  }

  @Param // all
  public Operation operation;

  @Param({"vector"})
  public String provider;

  @Param({"1b", "8b", "70b"})
  public String shape;

  @Param({"1", "512"})
  public int tokens;

  @Param({"1"})
  public int threads;

  private Kernels kernels;
  private Tensor x; // (tokens, columns)
  private Tensor out;
  private Tensor gain;
  private Tensor up;
  private Tensor angles;

  /** JMH wants it. */
  public ElementwiseBenchmark() {}

  /** Makes inputs of the sizes of a layer, and checks an answer. */
  @Setup
  public void setUp() {
    ModelShape model = ModelShape.named(shape);
    int columns = columns();
    kernels = KernelsChoice.named(provider).provider().create(new KernelsOptions(threads));
    x = kernels.tensor(tokens, columns);
    out = kernels.tensor(tokens, columns);
    gain = kernels.tensor(1, columns);
    up = kernels.tensor(tokens, columns);
    angles = kernels.tensor(tokens, model.headDim);
    float[] row = new float[columns];
    float[] factor = new float[columns];
    for (int i = 0; i < columns; i++) {
      // What is done in place is done again and again, so it must not run away: rotations do not
      // change lengths, and silu(gate) * up stays what it is for these, and nears it from others.
      row[i] = -0.8f + 0.6f * (float) Math.sin(i);
      factor[i] = 1 + (float) Math.exp(-row[i]);
    }
    for (int i = 0; i < tokens; i++) {
      kernels.write(x, i, row);
      kernels.write(up, i, factor);
    }
    kernels.write(gain, 0, factor);
    double[] frequencies = new double[model.headDim / 2];
    for (int i = 0; i < frequencies.length; i++) {
      frequencies[i] = Math.pow(500_000, -2.0 * i / model.headDim);
    }
    IntTensor positions = kernels.ints();
    positions.set(IntStream.range(1000, 1000 + tokens).toArray(), tokens);
    RopeFrequencies rope = new RopeFrequencies(frequencies);
    kernels.ropeAngles(angles, rope, positions);
    check(row, factor, rope);
  }

  private int columns() {
    ModelShape model = ModelShape.named(shape);
    return switch (operation) {
      case rmsNorm -> model.hiddenSize;
      case rope -> model.numHeads * model.headDim;
      case swiGlu -> model.intermediateSize;
    };
  }

  /** The last token, against the same in double. */
  private void check(float[] row, float[] factor, RopeFrequencies rope) {
    float[] actual = new float[row.length];
    kernels.read(run(), tokens - 1, actual, 0);
    double squares = 0;
    for (float value : row) {
      squares += (double) value * value;
    }
    double scale = 1 / Math.sqrt(squares / row.length + EPSILON);
    for (int i = 0; i < row.length; i++) {
      double expected =
          switch (operation) {
            case rmsNorm -> row[i] * scale * factor[i];
            case swiGlu -> row[i] / (1 + Math.exp(-row[i])) * factor[i];
            case rope -> {
              double angle = rope.angle(i / 2 % rope.size(), 1000 + tokens - 1);
              double other = i % 2 == 0 ? -row[i + 1] : row[i - 1];
              yield row[i] * Math.cos(angle) + other * Math.sin(angle);
            }
          };
      Answers.requireClose(operation + " " + i, actual[i], expected, 1e-5 * (1 + factor[i]));
    }
  }

  /** Stops the threads. */
  @TearDown
  public void tearDown() {
    kernels.close();
  }

  /** One operation. */
  @Benchmark
  public Tensor run() {
    switch (operation) {
      case rmsNorm -> {
        kernels.rmsNorm(out, x, gain, EPSILON);
        return out;
      }
      case rope -> kernels.rope(x, angles, RopePairing.INTERLEAVED);
      case swiGlu -> kernels.swiGlu(x, up);
    }
    return x;
  }

  @Override
  public Work work() {
    long values = (long) tokens * columns();
    return switch (operation) {
      case rmsNorm -> new Work(2 * Float.BYTES * values, 4 * values, false);
      case rope -> new Work(2 * Float.BYTES * values, 3 * values, false);
      case swiGlu -> new Work(3 * Float.BYTES * values, 5 * values, false);
    };
  }
}
