package dev.chaski.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Collections;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LogitAdjusterTest {

  private static final float NO = Float.NEGATIVE_INFINITY;
  private static final float SURE = Float.POSITIVE_INFINITY;

  private static SamplingOptions.Builder options() {
    return SamplingOptions.builder();
  }

  private static float[] adjust(LogitAdjuster adjuster, float... logits) {
    return Arrays.copyOf(adjuster.adjust(logits, 0, logits.length), logits.length);
  }

  @Test
  void nothingToDoMakesNoCopy() {
    LogitAdjuster adjuster = new LogitAdjuster(SamplingOptions.defaults(), null);
    adjuster.saw(1);
    assertThat(adjuster.adjust(new float[] {1, 2}, 0, 2)).isNull();
    LogitAdjuster noWindow =
        new LogitAdjuster(options().repetitionPenalty(2).penaltyWindow(0).build(), null);
    noWindow.saw(1);
    assertThat(noWindow.adjust(new float[] {1, 2}, 0, 2)).isNull();
  }

  @Test
  void repetitionDividesPositiveAndMultipliesOtherLogits() {
    LogitAdjuster adjuster = new LogitAdjuster(options().repetitionPenalty(2).build(), null);
    for (int token : new int[] {0, 1, 2, 0, 0}) {
      adjuster.saw(token);
    }
    assertThat(adjust(adjuster, 3, -3, 0, 3, -3)).containsExactly(1.5f, -6, 0, 3, -3);
  }

  @Test
  void frequencyCountsAndPresenceDoesNot() {
    LogitAdjuster adjuster =
        new LogitAdjuster(options().frequencyPenalty(0.5f).presencePenalty(0.25f).build(), null);
    for (int token : new int[] {0, 0, 0, 2}) {
      adjuster.saw(token);
    }
    assertThat(adjust(adjuster, 4, 4, 4)).containsExactly(4 - 1.75f, 4, 4 - 0.75f);
  }

  @Test
  void biasComesBeforePenaltiesAndInfiniteOnesReplace() {
    LogitAdjuster adjuster =
        new LogitAdjuster(
            options()
                .repetitionPenalty(2)
                .logitBias(Map.of(0, 2f, 1, NO, 2, SURE, 3, SURE, 4, NO))
                .build(),
            null);
    adjuster.saw(0);
    assertThat(adjust(adjuster, -1, 5, 5, NO, SURE, 7)).containsExactly(0.5f, NO, SURE, NO, NO, 7);
  }

  @Test
  void extremesNeverBecomeNaN() {
    LogitAdjuster adjuster =
        new LogitAdjuster(
            options()
                .repetitionPenalty(Float.MIN_VALUE)
                .frequencyPenalty(Float.MAX_VALUE)
                .presencePenalty(Float.MAX_VALUE)
                .build(),
            null);
    for (int token = 0; token < 4; token++) {
      adjuster.saw(token);
      adjuster.saw(token);
    }
    assertThat(adjust(adjuster, SURE, NO, 1, -1)).containsExactly(SURE, NO, SURE, NO);
  }

  @Test
  void nanStaysForTheSamplerToFind() {
    LogitAdjuster adjuster =
        new LogitAdjuster(options().repetitionPenalty(2).logitBias(Map.of(0, NO)).build(), null);
    adjuster.saw(1);
    assertThat(adjust(adjuster, Float.NaN, Float.NaN)).containsExactly(Float.NaN, Float.NaN);
  }

  @Test
  void penaltiesAreTheFormulaForAnyHistory() {
    Random random = new Random(12);
    for (int window : new int[] {1, 2, 7, 64, 300, -1}) {
      SamplingOptions options =
          options()
              .penaltyWindow(window)
              .repetitionPenalty(1.3f)
              .frequencyPenalty(0.2f)
              .presencePenalty(-0.4f)
              .build();
      LogitAdjuster adjuster = new LogitAdjuster(options, null);
      ArrayDeque<Integer> history = new ArrayDeque<>();
      float[] logits = new float[400];
      for (int step = 0; step < 2_000; step++) {
        // Mostly few tokens, sometimes any: the counts rise and fall.
        int token = random.nextInt(random.nextInt(5) == 0 ? 400 : 12);
        adjuster.saw(token);
        history.addLast(token);
        if (window > 0 && history.size() > window) {
          history.removeFirst();
        }
        if (step % 50 == 49) {
          for (int i = 0; i < logits.length; i++) {
            logits[i] = (float) random.nextGaussian() * 3;
          }
          float[] adjusted = adjust(adjuster, logits);
          for (int i = 0; i < logits.length; i++) {
            int count = Collections.frequency(history, i);
            assertThat((double) adjusted[i])
                .as("window %d, step %d, token %d seen %d times", window, step, i, count)
                .isCloseTo(formula(logits[i], count), within(1e-5 + 4e-7 * count));
          }
        }
      }
      adjuster.forget();
      assertThat(adjust(adjuster, 1, 2, 3)).containsExactly(1, 2, 3);
    }
  }

  private static double formula(double logit, int count) {
    if (count == 0) {
      return logit;
    }
    return (logit > 0 ? logit / 1.3f : logit * 1.3f) - 0.2f * count + 0.4f;
  }
}
