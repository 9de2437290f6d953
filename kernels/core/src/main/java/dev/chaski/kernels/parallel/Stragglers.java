package dev.chaski.kernels.parallel;

/**
 * Decides when a region is better run by its caller alone. Where other programs compute too, the
 * system takes the processor from a worker now and then, for milliseconds. If that happens in the
 * middle of a task, the caller waits for all of them: a thousand times a tiny region's work. Such a
 * wait is far longer than a task takes, which tells it from a worker that is merely the last.
 *
 * <p>After one, callers work alone for a few times as long as they waited; if the next attempt
 * together ends the same way, for twice as long as before, up to a limit. So one hiccup costs
 * little, and beside a lasting load we are about as fast as one thread. Not thread-safe. Times are
 * of {@link System#nanoTime}.
 */
final class Stragglers {
  /** What a wait costs at least to be noticed: waking a parked thread takes a part of that. */
  private static final long NOTICED_NANOS = 300_000;

  /** Usual tasks that the last one may take: their sizes differ a little, their memory more. */
  private static final int USUAL_TASKS = 4;

  /** How many times the wait callers work alone at first. */
  private static final int PENALTY_WAITS = 4;

  /** The longest time alone: then a try together every so often costs a few percent. */
  static final long MAX_PENALTY_NANOS = 100_000_000;

  private final long maxPenalty;
  private long penalty; // the last time alone; 0 after a time without stragglers
  private long until; // its end

  /**
   * Starts without a penalty.
   *
   * @param maxPenalty the longest time alone, in nanoseconds; 0 for never
   */
  Stragglers(long maxPenalty) {
    this.maxPenalty = maxPenalty;
  }

  /** Whether workers are probably not running, so a region that starts now is the caller's. */
  boolean areExpected(long now) {
    return penalty > 0 && now - until < 0;
  }

  /**
   * Learns from a region that was run together.
   *
   * @param start when it began
   * @param worked when no task was left for the caller
   * @param end when the workers' last task was done
   * @param taken tasks that the caller ran
   */
  void regionEnded(long start, long worked, long end, int taken) {
    long waited = end - worked;
    long task = (worked - start) / Math.max(1, taken);
    if (taken > 0 && waited > NOTICED_NANOS + USUAL_TASKS * task) {
      penalty = Math.min(maxPenalty, Math.max(PENALTY_WAITS * waited, 2 * penalty));
      until = end + penalty;
    } else if (penalty > 0 && end - until > penalty) {
      penalty = 0;
    }
  }
}
