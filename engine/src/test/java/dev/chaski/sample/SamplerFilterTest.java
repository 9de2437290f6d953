package dev.chaski.sample;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Which tokens the filters keep, on random rows, against the reference with its full sort. */
class SamplerFilterTest {

  /** Flattens everything that is kept, so that few draws show all of it. */
  private static final float HOT = 1e30f;

  /** Relative error of a total weight, and of a limit derived from it; see {@link Weights}. */
  private static double tolerance(int vocabSize) {
    return 2 * Weights.RELATIVE_ERROR + vocabSize / Weights.ONE;
  }

  @Test
  void everyKeptTokenAndNoOtherIsDrawn() {
    Random random = new Random(20_250_101);
    for (int round = 0; round < 1_500; round++) {
      float[] logits = row(random, 1 + random.nextInt(40));
      assertKeptTokensAreDrawn(logits, options(random, logits.length), "round " + round);
    }
  }

  @Test
  void everyKeptTokenAndNoOtherIsDrawnFromLargeRows() {
    Random random = new Random(7);
    for (int round = 0; round < 60; round++) {
      float[] logits = row(random, 3_000 + random.nextInt(30_000));
      assertKeptTokensAreDrawn(logits, options(random, logits.length), "round " + round);
    }
  }

  /** The most useful case, a few tokens that hold nearly everything, is rare among random rows. */
  @Test
  void theNucleusOfALargePeakedRowIsExact() {
    Random random = new Random(9);
    for (int round = 0; round < 40; round++) {
      float[] logits = new float[20_000];
      for (int i = 0; i < logits.length; i++) {
        logits[i] = (float) random.nextGaussian() - 5;
      }
      for (int i = 0; i < 15; i++) {
        logits[random.nextInt(logits.length)] = 12 + 3 * random.nextFloat();
      }
      SamplingOptions.Builder options = SamplingOptions.unfiltered().toBuilder().seed(round);
      options.temperature(round % 2 == 0 ? 1 : HOT).topP(random.nextFloat());
      assertKeptTokensAreDrawn(logits, options.build(), "round " + round);
    }
  }

  /** Draws often enough to see all tokens if they are few; else only that no other is drawn. */
  private static void assertKeptTokensAreDrawn(
      float[] logits, SamplingOptions options, String what) {
    double tolerance = tolerance(logits.length);
    double[] strict = ReferenceDistribution.of(logits, options, -tolerance);
    double[] loose = ReferenceDistribution.of(logits, options, tolerance);
    // A token of probability p stays out of n draws with a chance of (1 - p)^n < e^(-np).
    double rarest = DoubleStream.of(loose).filter(p -> p > 0).min().orElseThrow();
    boolean fewEnough = rarest > 1.0 / 200;
    int draws = fewEnough ? (int) Math.ceil(Math.log(1e10) / rarest) : 30;
    boolean[] drawn = new boolean[logits.length];
    Sampler sampler = Sampler.create(options);
    for (int i = 0; i < draws; i++) {
      drawn[sampler.sample(logits, 0, logits.length)] = true;
    }
    for (int token = 0; token < logits.length; token++) {
      if (drawn[token]) {
        assertThat(loose[token]).as("%s: drew %d, %s", what, token, options).isPositive();
      } else if (fewEnough) {
        assertThat(strict[token]).as("%s: never drew %d, %s", what, token, options).isZero();
      }
    }
  }

  @Test
  void topKOfALargeRowIsExact() {
    Random random = new Random(8);
    for (int k : new int[] {1, 2, 10, 11, 40}) {
      for (int kind = 0; kind < KINDS; kind++) {
        float[] logits = row(random, 20_000, kind);
        int[] ranked = ReferenceDistribution.ranked(logits);
        SamplingOptions options =
            SamplingOptions.unfiltered().toBuilder().topK(k).temperature(HOT).seed(k).build();
        Sampler sampler = Sampler.create(options);
        boolean[] drawn = new boolean[logits.length];
        int draws = (int) Math.ceil(k * (Math.log(k) + Math.log(1e8)));
        for (int i = 0; i < draws; i++) {
          drawn[sampler.sample(logits, 0, logits.length)] = true;
        }
        for (int rank = 0; rank < logits.length; rank++) {
          assertThat(drawn[ranked[rank]])
              .as("drew token of rank %d, k = %d, kind %d", rank, k, kind)
              .isEqualTo(rank < k);
        }
      }
    }
  }

  @Test
  void equalLogitsAreKeptFromTheLowestId() {
    float[] logits = new float[10];
    assertOnlyDrawn(logits, SamplingOptions.builder().topK(3).topP(1), 0, 1, 2);
    assertOnlyDrawn(logits, SamplingOptions.builder().topK(0).topP(0.5f), 0, 1, 2, 3, 4);
    assertOnlyDrawn(logits, SamplingOptions.builder().topK(0).topP(0), 0);
    assertOnlyDrawn(logits, SamplingOptions.builder().topK(4).topP(0.5f), 0, 1);
    logits[8] = 1;
    assertOnlyDrawn(logits, SamplingOptions.builder().topK(3).topP(1), 0, 1, 8);
  }

  @Test
  void topPAppliesToWhatTopKLeaves() {
    // Of all, the first has 0.25; of the first two, 0.5.
    float[] logits = new float[] {0, 0, 0, 0};
    assertOnlyDrawn(logits, SamplingOptions.builder().topK(2).topP(0.5f), 0);
    assertOnlyDrawn(logits, SamplingOptions.builder().topK(0).topP(0.5f), 0, 1);
  }

  @Test
  void filtersActBeforeTemperature() {
    // exp(-3) is just under 0.05: dropped, however flat the temperature makes it.
    float[] logits = {0, -2.9f, -3.1f};
    assertOnlyDrawn(logits, SamplingOptions.builder().topP(1).minP(0.05f), 0, 1);
  }

  @Test
  void minPOfOneKeepsTheMostLikely() {
    float[] logits = {1, 2, 2, Math.nextDown(2f)};
    assertOnlyDrawn(logits, SamplingOptions.builder().topP(1).minP(1), 1, 2);
  }

  private static void assertOnlyDrawn(
      float[] logits, SamplingOptions.Builder options, int... expected) {
    Sampler sampler = Sampler.create(options.temperature(HOT).seed(1).build());
    assertThat(
            IntStream.range(0, 400)
                .map(_ -> sampler.sample(logits, 0, logits.length))
                .distinct()
                .sorted())
        .containsExactly(IntStream.of(expected).boxed().toArray(Integer[]::new));
  }

  private static SamplingOptions options(Random random, int vocabSize) {
    SamplingOptions.Builder options = SamplingOptions.unfiltered().toBuilder();
    options.temperature(HOT).seed(random.nextLong());
    if (random.nextBoolean()) {
      options.topK(1 + random.nextInt(random.nextBoolean() ? vocabSize + 3 : 10));
    }
    if (random.nextBoolean()) {
      options.topP(random.nextBoolean() ? 1 - random.nextFloat() / 20 : random.nextFloat());
    }
    if (random.nextInt(3) == 0) {
      options.minP(random.nextFloat() * random.nextFloat());
    }
    return options.build();
  }

  private static final int KINDS = 7;

  private static float[] row(Random random, int vocabSize) {
    return row(random, vocabSize, random.nextInt(KINDS));
  }

  private static float[] row(Random random, int vocabSize, int kind) {
    float[] logits = new float[vocabSize];
    for (int i = 0; i < vocabSize; i++) {
      double gauss = random.nextGaussian();
      logits[i] =
          (float)
              switch (kind) {
                case 0 -> gauss;
                case 1 -> 5 * gauss;
                case 2 -> Math.rint(3 * gauss) / 2; // many ties
                case 3 -> -0.5; // nothing but ties
                case 4 -> i % 3 == 1 ? Float.NEGATIVE_INFINITY : gauss;
                case 5 -> Math.copySign(Math.exp(6 * gauss), -gauss) - 40; // all magnitudes
                default -> i % 50 == 3 ? 12 + gauss : 2 * gauss; // few stand out
              };
    }
    logits[random.nextInt(vocabSize)] = 3; // never nothing but -infinity
    return logits;
  }
}
