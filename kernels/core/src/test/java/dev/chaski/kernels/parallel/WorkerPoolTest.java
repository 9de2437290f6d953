package dev.chaski.kernels.parallel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class WorkerPoolTest {
  private static final long DEADLINE_NANOS = TimeUnit.SECONDS.toNanos(30);

  @ParameterizedTest
  @CsvSource({
    "1, 0", "1, 1", "1, 10", "2, 0", "2, 1", "2, 2", "2, 1000", "3, 7", "7, 3", "7, 1000"
  })
  void eachIndexRunsExactlyOnce(int threads, int tasks) {
    try (WorkerPool pool = new WorkerPool(threads)) {
      for (int repeat = 0; repeat < 20; repeat++) {
        AtomicIntegerArray runs = new AtomicIntegerArray(tasks);
        pool.run(tasks, runs::incrementAndGet);
        for (int i = 0; i < tasks; i++) {
          assertThat(runs.get(i)).as("task %d", i).isEqualTo(1);
        }
      }
    }
  }

  @Test
  void manyTinyRegionsEnd() {
    try (WorkerPool pool = new WorkerPool(3)) {
      int[] sums = new int[4]; // plain: a region's writes are visible when it returns
      int regions = 100_000;
      for (int i = 0; i < regions; i++) {
        pool.run(4, task -> sums[task]++);
      }
      assertThat(sums).containsOnly(regions);
    }
  }

  @Test
  void aRegionSeesWhatItsCallerWroteAndTheCallerWhatItWrote() {
    try (WorkerPool pool = new WorkerPool(4)) {
      long[] values = new long[64];
      for (int round = 1; round <= 2000; round++) {
        values[0] = round;
        pool.run(63, task -> values[task + 1] = values[0] + task);
        for (int i = 1; i < values.length; i++) {
          assertThat(values[i]).isEqualTo(round + i - 1);
        }
      }
    }
  }

  /** Each task waits for the others: they all run at once, or the test does not end. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 5})
  void asManyThreadsWorkAsAskedFor(int threads) {
    try (WorkerPool pool = new WorkerPool(threads)) {
      assertThat(pool.threads()).isEqualTo(threads);
      CountDownLatch all = new CountDownLatch(threads);
      Set<Thread> seen = ConcurrentHashMap.newKeySet();
      pool.run(
          threads,
          _ -> {
            seen.add(Thread.currentThread());
            all.countDown();
            await(all);
          });
      assertThat(seen).hasSize(threads).contains(Thread.currentThread());
    }
  }

  @Test
  void neverMoreThreadsWorkThanAskedFor() {
    try (WorkerPool pool = new WorkerPool(3)) {
      Set<Thread> seen = ConcurrentHashMap.newKeySet();
      for (int i = 0; i < 1000; i++) {
        pool.run(20, _ -> seen.add(Thread.currentThread()));
      }
      assertThat(seen).hasSizeBetween(1, 3);
    }
  }

  @Test
  void aTaskMayRunARegion() {
    try (WorkerPool pool = new WorkerPool(3)) {
      AtomicInteger runs = new AtomicInteger();
      pool.run(5, _ -> pool.run(7, _ -> runs.incrementAndGet()));
      assertThat(runs).hasValue(35);
    }
  }

  @Test
  void severalCallersShareAPool() throws InterruptedException {
    int callers = 4;
    int regions = 2000;
    try (WorkerPool pool = new WorkerPool(3)) {
      AtomicReference<Throwable> failure = new AtomicReference<>();
      List<Thread> threads = new ArrayList<>();
      for (int caller = 0; caller < callers; caller++) {
        threads.add(
            Thread.ofPlatform()
                .uncaughtExceptionHandler((_, e) -> failure.set(e))
                .start(() -> {
                  int[] sums = new int[9];
                  for (int i = 0; i < regions; i++) {
                    pool.run(9, task -> sums[task]++);
                  }
                  assertThat(sums).containsOnly(regions);
                }));
      }
      for (Thread thread : threads) {
        thread.join();
      }
      assertThat(failure.get()).isNull();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  void anExceptionReachesTheCallerAndThePoolSurvives(int threads) {
    try (WorkerPool pool = new WorkerPool(threads)) {
      IllegalStateException mine = new IllegalStateException("task 5");
      for (int repeat = 0; repeat < 50; repeat++) {
        assertThatThrownBy(() ->
                pool.run(
                    40,
                    task -> {
                      if (task == 5) {
                        throw mine;
                      }
                    }))
            .isSameAs(mine);
        AtomicInteger runs = new AtomicInteger();
        pool.run(40, _ -> runs.incrementAndGet());
        assertThat(runs).hasValue(40);
      }
    }
  }

  /** Whatever thread it happens on: both tasks are running when the worker's fails. */
  @Test
  void anErrorOfAWorkerReachesTheCaller() {
    try (WorkerPool pool = new WorkerPool(2)) {
      CountDownLatch both = new CountDownLatch(2);
      Thread caller = Thread.currentThread();
      assertThatThrownBy(() ->
              pool.run(
                  2,
                  _ -> {
                    both.countDown();
                    await(both);
                    if (!Thread.currentThread().equals(caller)) {
                      throw new StackOverflowError("of a worker");
                    }
                  }))
          .isInstanceOf(StackOverflowError.class)
          .hasMessage("of a worker");
    }
  }

  @Test
  void aCheckedExceptionThatSlippedThroughIsWrapped() {
    try (WorkerPool pool = new WorkerPool(2)) {
      assertThatThrownBy(() -> pool.run(8, _ -> throwAny(new IOException("slipped"))))
          .isInstanceOf(IllegalStateException.class)
          .hasRootCauseInstanceOf(IOException.class);
    }
  }

  @SuppressWarnings("unchecked")
  private static <E extends Throwable> void throwAny(Throwable e) throws E {
    throw (E) e;
  }

  @Test
  void idleWorkersParkAndWakeAgain() {
    Set<Thread> before = workers();
    try (WorkerPool pool = new WorkerPool(3, new Stragglers(0))) {
      Set<Thread> workers = workers();
      workers.removeAll(before);
      assertThat(workers).hasSize(2).allMatch(Thread::isDaemon);
      for (int repeat = 0; repeat < 3; repeat++) {
        waitUntil(
            "workers park",
            () -> workers.stream().allMatch(w -> w.getState() == Thread.State.WAITING));
        CountDownLatch all = new CountDownLatch(3);
        pool.run(
            3,
            _ -> {
              all.countDown();
              await(all);
            });
      }
    }
  }

  @Test
  void closeEndsTheWorkersAndLaterRegionsRunOnTheirCaller() {
    Set<Thread> before = workers();
    WorkerPool pool = new WorkerPool(4);
    Set<Thread> workers = workers();
    workers.removeAll(before);
    assertThat(workers).hasSize(3);
    pool.run(10, _ -> {});
    pool.close();
    pool.close(); // harmless
    waitUntil("workers end", () -> workers.stream().noneMatch(Thread::isAlive));

    Set<Thread> seen = new HashSet<>();
    pool.run(10, _ -> seen.add(Thread.currentThread()));
    assertThat(seen).containsExactly(Thread.currentThread());
  }

  @Test
  void closeDuringARegionLetsItFinish() {
    WorkerPool pool = new WorkerPool(3);
    AtomicInteger runs = new AtomicInteger();
    pool.run(
        100,
        task -> {
          if (task == 3) {
            pool.close();
          }
          runs.incrementAndGet();
        });
    assertThat(runs).hasValue(100);
  }

  @Test
  void aPoolHasAtLeastItsCaller() {
    assertThatThrownBy(() -> new WorkerPool(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("not 0");
  }

  private static Set<Thread> workers() {
    Set<Thread> workers = new HashSet<>(Thread.getAllStackTraces().keySet());
    workers.removeIf(thread -> !thread.getName().startsWith("chaski-worker-"));
    return workers;
  }

  private static void waitUntil(String what, BooleanSupplier condition) {
    long deadline = System.nanoTime() + DEADLINE_NANOS;
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > deadline) {
        fail(what + ": not within 30 seconds");
      }
      Thread.onSpinWait();
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(30, TimeUnit.SECONDS)).as("the other threads came").isTrue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
