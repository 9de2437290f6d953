package dev.chaski.benchmarks.endurance;

import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** Prints where all threads are when nothing has moved for too long. */
final class Watchdog implements AutoCloseable {
  private static final long LOOK_MILLIS = 250;

  private final LongSupplier progress;
  private final Duration patience;
  private final PrintStream out;
  private final CountDownLatch closed = new CountDownLatch(1);
  private volatile boolean stuck;

  /**
   * Starts to watch.
   *
   * @param progress changes while all is well
   */
  Watchdog(LongSupplier progress, Duration patience, PrintStream out) {
    this.progress = progress;
    this.patience = patience;
    this.out = out;
    Thread.ofPlatform().name("watchdog").daemon().start(this::watch);
  }

  /** Whether it has given up. */
  boolean isStuck() {
    return stuck;
  }

  private void watch() {
    PausableClock clock = new PausableClock();
    long last = progress.getAsLong();
    Duration moved = clock.elapsed();
    try {
      while (!closed.await(LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
        long now = progress.getAsLong();
        if (now != last) {
          last = now;
          moved = clock.elapsed();
        } else if (clock.elapsed().minus(moved).compareTo(patience) > 0) {
          dump();
          stuck = true;
          return;
        }
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt(); // whoever does that wants it to end
    }
  }

  private void dump() {
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    out.printf("Nothing has moved for %s; all threads:%n", patience);
    for (ThreadInfo thread : threads.dumpAllThreads(true, true)) {
      out.print(thread);
    }
    long[] deadlocked = threads.findDeadlockedThreads();
    out.printf("In a deadlock: %d threads%n", deadlocked == null ? 0 : deadlocked.length);
  }

  @Override
  public void close() {
    closed.countDown();
  }
}
