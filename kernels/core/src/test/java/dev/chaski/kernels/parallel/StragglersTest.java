package dev.chaski.kernels.parallel;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StragglersTest {
  private static final long MICROS = 1000;
  private static final long MILLIS = 1_000_000;

  private final Stragglers stragglers = new Stragglers(Stragglers.MAX_PENALTY_NANOS);
  private long now;

  /** A region in which the caller runs {@code taken} tasks and then waits. */
  private void region(int taken, long taskNanos, long waitNanos) {
    long worked = now + taken * taskNanos;
    stragglers.regionEnded(now, worked, worked + waitNanos, taken);
    now = worked + waitNanos;
  }

  @Test
  void nobodyIsExpectedToStraggleAtFirst() {
    assertThat(stragglers.areExpected(now)).isFalse();
    assertThat(stragglers.areExpected(Long.MIN_VALUE)).isFalse();
  }

  @ParameterizedTest
  @CsvSource({"1, 7, 250", "100, 15, 300", "20, 1500, 6000", "0, 0, 5000"})
  void ordinaryWaitsChangeNothing(int taken, long taskMicros, long waitMicros) {
    region(taken, taskMicros * MICROS, waitMicros * MICROS);
    assertThat(stragglers.areExpected(now)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(longs = {0, Long.MAX_VALUE - 50 * MILLIS}) // nanoTime may overflow
  void aLongWaitIsFollowedByTimeAloneThenByAnotherTry(long clock) {
    now = clock;
    region(3, 7 * MICROS, 5 * MILLIS);
    assertThat(stragglers.areExpected(now)).isTrue();
    assertThat(stragglers.areExpected(now + 20 * MILLIS - 1)).isTrue();
    assertThat(stragglers.areExpected(now + 20 * MILLIS)).isFalse();
  }

  @Test
  void eachFailedTryDoublesTheTimeUpToALimit() {
    long last = 0;
    for (int attempt = 0; attempt < 10; attempt++) {
      region(3, 7 * MICROS, 1 * MILLIS);
      long alone = last == 0 ? 4 * MILLIS : Math.min(2 * last, Stragglers.MAX_PENALTY_NANOS);
      assertThat(stragglers.areExpected(now + alone - 1)).as("attempt %d", attempt).isTrue();
      assertThat(stragglers.areExpected(now + alone)).as("attempt %d", attempt).isFalse();
      now += alone;
      last = alone;
    }
    assertThat(last).isEqualTo(Stragglers.MAX_PENALTY_NANOS);
  }

  @Test
  void timeWithoutStragglersIsForgiven() {
    for (int attempt = 0; attempt < 10; attempt++) {
      region(3, 7 * MICROS, 1 * MILLIS);
      now += Stragglers.MAX_PENALTY_NANOS;
    }
    now += Stragglers.MAX_PENALTY_NANOS;
    region(3, 7 * MICROS, 10 * MICROS);
    region(3, 7 * MICROS, 1 * MILLIS);
    assertThat(stragglers.areExpected(now + 4 * MILLIS - 1)).isTrue();
    assertThat(stragglers.areExpected(now + 4 * MILLIS)).isFalse();
  }
}
