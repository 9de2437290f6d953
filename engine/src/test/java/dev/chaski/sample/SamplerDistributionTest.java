package dev.chaski.sample;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Frequencies against exact probabilities, with Pearson's chi-square test. */
class SamplerDistributionTest {

  private static final int DRAWS = 30_000;

  /** Quantile of the normal distribution at 1 - 1e-6: the chance that a correct sampler fails. */
  private static final double NORMAL_QUANTILE = 4.7534;

  private static final float[] LOGITS = {
    1.5f, -0.5f, 3, 3, 0.25f, Float.NEGATIVE_INFINITY, 2.75f, -4, 1, 1.5f, 0, 2
  };

  static Stream<SamplingOptions> options() {
    SamplingOptions plain = SamplingOptions.unfiltered();
    return Stream.of(
            plain,
            plain.toBuilder().temperature(0.5f).build(),
            plain.toBuilder().temperature(2.5f).build(),
            plain.toBuilder().topK(4).build(),
            plain.toBuilder().topK(3).temperature(1.7f).build(),
            plain.toBuilder().topP(0.8f).build(),
            plain.toBuilder().topP(0.6f).temperature(3).build(),
            plain.toBuilder().topP(0.99f).temperature(0.7f).build(),
            plain.toBuilder().minP(0.2f).build(),
            plain.toBuilder().minP(0.1f).temperature(2).build(),
            plain.toBuilder().topK(7).topP(0.9f).minP(0.15f).temperature(0.8f).build())
        .map(options -> options.toBuilder().seed(11).build());
  }

  @ParameterizedTest
  @MethodSource("options")
  void frequenciesAreTheProbabilities(SamplingOptions options) {
    assertFrequencies(LOGITS, options, LOGITS);
  }

  @ParameterizedTest
  @MethodSource("options")
  void biasShiftsTheLogitsBeforeTheFilters(SamplingOptions options) {
    float[] shifted = LOGITS.clone();
    shifted[7] += 6;
    shifted[2] -= 1;
    shifted[3] = Float.NEGATIVE_INFINITY;
    Map<Integer, Float> bias = Map.of(7, 6f, 2, -1f, 3, Float.NEGATIVE_INFINITY);
    assertFrequencies(LOGITS, options.toBuilder().logitBias(bias).build(), shifted);
  }

  @Test
  void frequenciesInALargeVocabulary() {
    // Ten tokens of probabilities that differ, far apart among 2,500 of almost none.
    float[] logits = new float[2_500];
    for (int i = 0; i < logits.length; i++) {
      int group = i / 250;
      logits[i] = i % 250 == 249 ? 20 + group * 0.3f : -8;
    }
    for (SamplingOptions options :
        List.of(
            SamplingOptions.builder().seed(1).build(),
            SamplingOptions.builder().topK(0).topP(0.8f).temperature(1.4f).seed(2).build(),
            SamplingOptions.builder().topK(0).topP(1).minP(0.2f).seed(3).build())) {
      assertFrequencies(logits, options, logits);
    }
  }

  @Test
  void aFlatLargeVocabularyIsDrawnEvenly() {
    // Groups of 300 tokens; the nucleus ends inside a run of equal logits.
    float[] logits = new float[3_000];
    Random random = new Random(5);
    for (int i = 0; i < logits.length; i++) {
      logits[i] = Math.round(random.nextGaussian() * 4) / 8f;
    }
    for (SamplingOptions options :
        List.of(
            SamplingOptions.unfiltered(),
            SamplingOptions.builder().temperature(1.3f).topK(0).topP(0.7f).minP(0).build(),
            SamplingOptions.builder().temperature(1).topK(0).topP(0.4f).minP(0.1f).build(),
            SamplingOptions.builder().temperature(1).topK(600).topP(0.9f).minP(0).build())) {
      double[] probabilities = ReferenceDistribution.of(logits, options);
      double[] groups = new double[10];
      for (int i = 0; i < logits.length; i++) {
        groups[i / 300] += probabilities[i];
      }
      Sampler sampler = Sampler.create(options.toBuilder().seed(3).build());
      int[] counts = new int[10];
      for (int i = 0; i < DRAWS; i++) {
        int token = sampler.sample(logits, 0, logits.length);
        assertThat(probabilities[token]).as("probability of %d, %s", token, options).isPositive();
        counts[token / 300]++;
      }
      assertChiSquare(counts, groups, options);
    }
  }

  @Test
  void infiniteLogitsShareEverythingEvenly() {
    float infinity = Float.POSITIVE_INFINITY;
    float[] logits = {1, infinity, Float.NEGATIVE_INFINITY, infinity, 3e38f, infinity};
    double third = 1 / 3.0;
    int[] counts = draw(logits, SamplingOptions.defaults().toBuilder().seed(2).topP(1).build());
    assertChiSquare(counts, new double[] {0, third, 0, third, 0, third}, "+infinity");
  }

  private static void assertFrequencies(float[] logits, SamplingOptions options, float[] expected) {
    assertChiSquare(draw(logits, options), ReferenceDistribution.of(expected, options), options);
  }

  private static int[] draw(float[] logits, SamplingOptions options) {
    Sampler sampler = Sampler.create(options);
    int[] counts = new int[logits.length];
    for (int i = 0; i < DRAWS; i++) {
      counts[sampler.sample(logits, 0, logits.length)]++;
    }
    return counts;
  }

  /** Outcomes expected fewer than five times are taken together: the test is not valid for them. */
  private static void assertChiSquare(int[] counts, double[] probabilities, Object what) {
    double chiSquare = 0;
    int cells = 0;
    double rareExpected = 0;
    int rareCount = 0;
    for (int i = 0; i < counts.length; i++) {
      double expected = DRAWS * probabilities[i];
      if (probabilities[i] == 0) {
        assertThat(counts[i]).as("draws of impossible token %d, %s", i, what).isZero();
      } else if (expected < 5) {
        rareExpected += expected;
        rareCount += counts[i];
      } else {
        chiSquare += (counts[i] - expected) * (counts[i] - expected) / expected;
        cells++;
      }
    }
    if (rareExpected >= 5) {
      chiSquare += (rareCount - rareExpected) * (rareCount - rareExpected) / rareExpected;
      cells++;
    } else {
      // Poisson with mean below 5: 20 and more have a chance below 1e-6.
      assertThat(rareCount).as("rare draws, %s", what).isLessThan(20);
    }
    assertThat(IntStream.of(counts).sum()).isEqualTo(DRAWS);
    assertThat(chiSquare).as("chi-square, %s", what).isLessThanOrEqualTo(bound(cells - 1));
  }

  /** Wilson and Hilferty's approximation of the quantile, 1931. */
  private static double bound(int degrees) {
    if (degrees < 1) {
      return 0.01;
    }
    double variance = 2.0 / (9.0 * degrees);
    return degrees * Math.pow(1 - variance + NORMAL_QUANTILE * Math.sqrt(variance), 3);
  }
}
