package dev.chaski.sample;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LogitKeysTest {

  @Test
  void keysAreOrderedAsTheLogits() {
    float[] ascending = {
      Float.NEGATIVE_INFINITY,
      -Float.MAX_VALUE,
      -2,
      Math.nextUp(-2f),
      -Float.MIN_NORMAL,
      -Float.MIN_VALUE,
      0,
      Float.MIN_VALUE,
      1,
      Math.nextUp(1f),
      Float.MAX_VALUE,
      Float.POSITIVE_INFINITY
    };
    for (int i = 1; i < ascending.length; i++) {
      assertThat(LogitKeys.keyOf(ascending[i]))
          .as("%s above %s", ascending[i], ascending[i - 1])
          .isGreaterThan(LogitKeys.keyOf(ascending[i - 1]));
    }
    assertThat(LogitKeys.keyOf(-0f)).isEqualTo(LogitKeys.keyOf(0f));
    assertThat(LogitKeys.keyOf(Float.NaN)).isGreaterThan(LogitKeys.POSITIVE_INFINITY);
    assertThat(LogitKeys.keyOf(Float.intBitsToFloat(-1))).isLessThan(LogitKeys.NEGATIVE_INFINITY);
  }

  @Test
  void loadingAgreesWithKeyOf() {
    float[] logits = anyFloats(new Random(2), 5_003);
    LogitKeys row = new LogitKeys();
    row.load(logits, 3, 5_000);
    for (int i = 0; i < 5_000; i++) {
      assertThat(row.keys()[i]).isEqualTo(LogitKeys.keyOf(logits[i + 3]));
    }
    int[] sorted = Arrays.copyOf(row.keys(), 5_000);
    Arrays.sort(sorted);
    assertThat(row.max()).isEqualTo(sorted[4_999]);
    assertThat(row.keys()[row.argMax()]).isEqualTo(row.max());
  }

  @Test
  void kthLargestIsThatOfASortedList() {
    Random random = new Random(6);
    for (int round = 0; round < 300; round++) {
      int size = 1 + random.nextInt(200);
      int[] keys = new int[size];
      float[] logits = anyFloats(random, size);
      for (int i = 0; i < size; i++) {
        // Every other row of few different values.
        keys[i] = LogitKeys.keyOf(round % 2 == 0 ? logits[i] : random.nextInt(5));
      }
      int[] sorted = keys.clone();
      Arrays.sort(sorted);
      for (int k = 1; k <= size; k++) {
        int exact = LogitKeys.kthLargest(keys, size, k, 0);
        assertThat(exact).isLessThanOrEqualTo(sorted[size - k]);
        if (k < size) {
          // Not below the next one, so that it separates the first k from the rest.
          assertThat(exact)
              .isGreaterThanOrEqualTo(Math.min(sorted[size - k], sorted[size - k - 1] + 1));
        }
        int loose = LogitKeys.kthLargest(keys, size, k, k);
        long reached = Arrays.stream(keys).filter(key -> key >= loose).count();
        assertThat(reached).isGreaterThanOrEqualTo(k);
        assertThat(reached <= 2L * k || loose == sorted[size - k]).isTrue();
      }
    }
  }

  @Test
  void floorOfLargestIsReachedByKAndNotManyMore() {
    Random random = new Random(6);
    float[] logits = new float[100_000];
    for (int i = 0; i < logits.length; i++) {
      logits[i] = (float) random.nextGaussian();
    }
    LogitKeys row = new LogitKeys();
    row.load(logits, 0, logits.length);
    for (int k : new int[] {1, 2, 40, 49, 50, 1_000, 60_000}) {
      assertThat(row.countAtLeast(row.floorOfLargest(k))).isBetween(k, 2 * k + 10);
    }
  }

  /** Of all magnitudes, finite. */
  private static float[] anyFloats(Random random, int size) {
    float[] floats = new float[size];
    for (int i = 0; i < size; i++) {
      float any = Float.intBitsToFloat(random.nextInt());
      floats[i] = Float.isFinite(any) ? any : 0;
    }
    return floats;
  }
}
