package dev.chaski.sample;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class WeightsTest {

  @Test
  void weightsAreTheExponentialWithinTheirErrorBound() {
    int size = 200_000;
    float[] logits = new float[size];
    for (int i = 0; i < size; i++) {
      logits[i] = 5 - 30f * i / size;
    }
    int[] weights = compute(logits, 5, 1);
    double worst = 0;
    for (int i = 0; i < size; i++) {
      double exact = Math.exp((double) logits[i] - 5) * Weights.ONE;
      double allowed = exact * Weights.RELATIVE_ERROR + 0.5 + 1e-6;
      worst = Math.max(worst, Math.abs(weights[i] - exact) / allowed);
    }
    assertThat(worst).as("largest error, as a share of the bound").isLessThan(1);
    assertThat(weights[0]).isPositive();
  }

  @Test
  void faraway() {
    float[] logits = {1, -25, -1e30f, -Float.MAX_VALUE, Float.NEGATIVE_INFINITY};
    int[] weights = compute(logits, 1, 1);
    assertThat(weights).endsWith(0, 0, 0, 0);
    assertThat(compute(logits, 1, Float.MAX_VALUE)).isEqualTo(weights);
    assertThat(compute(new float[] {1, 0, -0.5f, Float.NEGATIVE_INFINITY}, 1, 1e-38f))
        .containsExactly(weights[0], weights[0], weights[0], 0);
  }

  @Test
  void sumsAndMasksAreThoseOfPlainLoops() {
    Random random = new Random(14);
    int size = 3_000;
    int[] keys = random.ints(size, -5, 5).map(key -> key * 400_000_000).toArray();
    int[] weights = random.ints(size, 0, 1 << 29).toArray();
    long[] chunkSums = new long[3];
    long total = 0;
    for (int weight : weights) {
      total += weight;
    }
    assertThat(Weights.sum(weights, size, chunkSums)).isEqualTo(total);
    assertThat(chunkSums[0] + chunkSums[1] + chunkSums[2]).isEqualTo(total);
    for (int key = -5; key < 5; key++) {
      int at = key * 400_000_000;
      long above = 0;
      int equal = 0;
      int[] below = weights.clone();
      int[] without = weights.clone();
      for (int i = 0; i < size; i++) {
        above += keys[i] > at ? weights[i] : 0;
        equal += keys[i] == at ? 1 : 0;
        below[i] = keys[i] < at ? 0 : weights[i];
        without[i] = keys[i] == at && i >= 100 ? 0 : weights[i];
      }
      assertThat(Weights.sumAbove(at, keys, weights, size)).isEqualTo(above);
      assertThat(Weights.countEqual(at, keys, size)).isEqualTo(equal);
      int[] cleared = weights.clone();
      Weights.clearBelow(at, keys, cleared, size);
      assertThat(cleared).isEqualTo(below);
      cleared = weights.clone();
      Weights.clearEqual(at, keys, cleared, 100, size);
      assertThat(cleared).isEqualTo(without);
    }
  }

  private static int[] compute(float[] logits, float max, float scale) {
    int[] keys = new int[logits.length];
    for (int i = 0; i < keys.length; i++) {
      keys[i] = LogitKeys.keyOf(logits[i]);
    }
    int[] weights = new int[logits.length];
    long[] chunkSums = new long[LogitKeys.chunks(logits.length)];
    int floor = LogitKeys.LOWEST_POSSIBLE;
    long total =
        Weights.compute(logits, 0, keys, logits.length, max, scale, floor, weights, chunkSums);
    assertThat(total).isEqualTo(Weights.sum(weights, weights.length, new long[chunkSums.length]));
    assertThat(total).isEqualTo(LongStream.of(chunkSums).sum());
    return weights;
  }
}
