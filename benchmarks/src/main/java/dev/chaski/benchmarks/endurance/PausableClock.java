package dev.chaski.benchmarks.endurance;

import java.time.Duration;

/**
 * Time that passes while the process runs: whoever looks often enough does not see the time for
 * which it was stopped or the machine asleep. For one thread.
 */
final class PausableClock {
  /** A longer time between two looks was a pause. */
  private static final long LONGEST_STEP = Duration.ofSeconds(2).toNanos();

  private long last = System.nanoTime();
  private long elapsed;

  Duration elapsed() {
    long now = System.nanoTime();
    elapsed += Math.min(now - last, LONGEST_STEP);
    last = now;
    return Duration.ofNanos(elapsed);
  }
}
