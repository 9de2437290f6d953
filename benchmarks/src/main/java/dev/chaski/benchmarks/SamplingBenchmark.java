package dev.chaski.benchmarks;

import dev.chaski.sample.Sampler;
import dev.chaski.sample.SamplingOptions;
import java.util.Random;
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
import org.openjdk.jmh.annotations.Warmup;

/** One token chosen from a vocabulary of Llama 3's size, by one thread. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
    value = 3,
    jvmArgsAppend = {"--add-modules", "jdk.incubator.vector"})
public class SamplingBenchmark implements Measured {
  /** Rows of logits, so that no row is known by heart. */
  private static final int ROWS = 8;

  private static final int TOP_K = 40;
  private static final float TOP_P = 0.95f;
  private static final float MIN_P = 0.05f;

  /** How a token is chosen. */
  public enum Chain {
    greedy(SamplingOptions.greedy()),
    defaults(SamplingOptions.defaults()),
    topK(SamplingOptions.unfiltered().toBuilder().topK(TOP_K).build()),
    topP(SamplingOptions.unfiltered().toBuilder().topP(TOP_P).build()),
    minP(SamplingOptions.unfiltered().toBuilder().minP(MIN_P).build());

    private final SamplingOptions options;

    Chain(SamplingOptions options) {
      this.options = options;
    }
  }

  @Param // all
  public Chain chain;

  @Param({"128256"})
  public int vocabulary;

  /** Standard deviation of the logits: 3 leaves about as many likely tokens as a model does. */
  @Param({"3"})
  public float deviation;

  private float[][] logits;
  private Sampler sampler;
  private int next;

  /** JMH wants it. */
  public SamplingBenchmark() {}

  /** Draws logits, and checks a choice. */
  @Setup
  public void setUp() {
    Random random = new Random(1);
    logits = new float[ROWS][vocabulary];
    for (float[] row : logits) {
      for (int i = 0; i < vocabulary; i++) {
        row[i] = (float) random.nextGaussian() * deviation;
      }
    }
    sampler = Sampler.create(chain.options.toBuilder().seed(1).build());
    for (float[] row : logits) {
      check(row, sampler.sample(row, 0, vocabulary));
    }
  }

  /** A token that no chain may choose is one with too much, or too many, before it. */
  private void check(float[] row, int token) {
    float max = Float.NEGATIVE_INFINITY;
    for (float logit : row) {
      max = Math.max(max, logit);
    }
    int better = 0;
    double massBefore = 0;
    double mass = 0;
    for (float logit : row) {
      double weight = Math.exp(logit - max);
      mass += weight;
      if (logit > row[token]) {
        better++;
        massBefore += weight;
      }
    }
    boolean isAllowed =
        switch (chain) {
          case greedy -> better == 0;
          case topK, defaults -> better < TOP_K;
          case topP -> massBefore < TOP_P * mass * (1 + 1e-4);
          case minP -> Math.exp(row[token] - max) >= MIN_P * (1 - 1e-4);
        };
    Answers.require(chain + " chose token " + token + ", which " + better + " beat", isAllowed);
  }

  /** One token. */
  @Benchmark
  public int sample() {
    next = (next + 1) % ROWS;
    return sampler.sample(logits[next], 0, vocabulary);
  }

  @Override
  public Work work() {
    return new Work((long) Float.BYTES * vocabulary, vocabulary, false);
  }
}
