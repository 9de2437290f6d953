package dev.chaski.kernels.parallel;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * A fixed set of threads that work on one region at a time: the caller and {@code threads - 1}
 * workers take tasks from a shared counter until none is left. Idle workers spin for a moment (the
 * next operation of a pass usually follows within microseconds), then park, so that an idle model
 * costs nothing.
 *
 * <p>On a machine with other load a worker may lose its processor in the middle of a task, and the
 * caller waits for it. After such a wait callers work alone for a while, see {@link Stragglers}.
 *
 * <p>Safe to share: a caller that finds the pool busy runs its region alone. Which thread runs a
 * task is not defined, so tasks must not depend on each other or on it.
 */
public final class WorkerPool implements AutoCloseable {
  /** One of the independent pieces of a region. */
  @FunctionalInterface
  public interface Task {
    /**
     * Does one piece.
     *
     * @param index 0 .. tasks - 1
     */
    void run(int index);
  }

  /** How long a thread waits awake: longer than the gap between two operations of a pass. */
  private static final long SPIN_NANOS = 50_000;

  /** Pauses between two looks at the clock. */
  private static final int SPINS_PER_LOOK = 32;

  private final Thread[] workers;
  private final AtomicBoolean busy = new AtomicBoolean();
  private final Stragglers stragglers; // used by whoever set busy
  private volatile Region current;
  private volatile Throwable late; // met by a worker behind its last task, of whatever region
  private volatile boolean closed;

  /** The state of one {@link #run}: a new one each time, so a late worker finds nothing to do. */
  private static final class Region {
    final Task task;
    final int tasks;
    final AtomicInteger next = new AtomicInteger();
    final AtomicInteger done = new AtomicInteger();
    final Thread caller = Thread.currentThread();
    volatile Throwable failure;

    Region(Task task, int tasks) {
      this.task = task;
      this.tasks = tasks;
    }

    /**
     * Runs tasks until none is left. After a failure the rest is only counted.
     *
     * @return how many it took
     */
    int work() {
      int taken = 0;
      for (int i = next.getAndIncrement(); i < tasks; i = next.getAndIncrement()) {
        if (failure == null) {
          try {
            task.run(i);
          } catch (Throwable e) {
            failure = e;
          }
        }
        if (done.incrementAndGet() == tasks && !caller.equals(Thread.currentThread())) {
          LockSupport.unpark(caller);
        }
        taken++;
      }
      return taken;
    }

    boolean isDone() {
      return done.get() == tasks;
    }
  }

  /**
   * Starts the workers.
   *
   * @param threads threads of a region, the caller among them; 1 starts none
   */
  public WorkerPool(int threads) {
    this(threads, new Stragglers(Stragglers.MAX_PENALTY_NANOS));
  }

  /** For tests that need every thread in every region, however busy the machine is. */
  WorkerPool(int threads, Stragglers stragglers) {
    this.stragglers = stragglers;
    if (threads < 1) {
      throw new IllegalArgumentException("a pool needs at least 1 thread, not " + threads);
    }
    workers = new Thread[threads - 1];
    for (int i = 0; i < workers.length; i++) {
      workers[i] =
          Thread.ofPlatform().name("chaski-worker-" + (i + 1)).daemon().unstarted(this::serve);
    }
    for (Thread worker : workers) {
      worker.start();
    }
  }

  /** Threads of a region, the caller among them. */
  public int threads() {
    return workers.length + 1;
  }

  /**
   * Runs {@code task} for every index below {@code tasks} and returns when all are done. An
   * exception of a task ends the region early and is thrown here; the pool stays usable.
   */
  public void run(int tasks, Task task) {
    if (tasks <= 1 || workers.length == 0 || closed || !busy.compareAndSet(false, true)) {
      runAlone(tasks, task);
      return;
    }
    try {
      long start = System.nanoTime();
      if (stragglers.areExpected(start)) {
        runAlone(tasks, task);
      } else {
        runTogether(start, tasks, task);
      }
    } finally {
      busy.set(false);
    }
  }

  private static void runAlone(int tasks, Task task) {
    for (int i = 0; i < tasks; i++) {
      task.run(i);
    }
  }

  private void runTogether(long start, int tasks, Task task) {
    Region region = new Region(task, tasks);
    current = region;
    for (Thread worker : workers) {
      LockSupport.unpark(worker);
    }
    int taken = workOrFail(region);
    long worked = System.nanoTime();
    while (!region.isDone()) {
      pause(worked);
    }
    current = null;
    stragglers.regionEnded(start, worked, System.nanoTime(), taken);
    rethrow(region.failure);
    Throwable lateFailure = late;
    if (lateFailure != null) {
      late = null;
      rethrow(lateFailure);
    }
  }

  /**
   * Does the caller's part. The JVM reports a page of a mapped file that cannot be read a little
   * later than it is met, so the error may come from between two tasks; whoever leaves then would
   * leave the others working on memory that is used for something else.
   */
  private static int workOrFail(Region region) {
    try {
      return region.work();
    } catch (Throwable e) {
      region.failure = e;
      return region.work();
    }
  }

  private void serve() {
    Region last = null;
    long start = System.nanoTime();
    while (!closed) {
      try {
        Region region = current;
        if (region != null && !region.equals(last)) {
          last = region;
          region.work();
          start = System.nanoTime();
        } else {
          pause(start);
        }
      } catch (Throwable e) { // see workOrFail
        late = e;
      }
    }
  }

  /** Waits a little: awake at first, parked when {@code start} is long ago. */
  private void pause(long start) {
    for (int i = 0; i < SPINS_PER_LOOK; i++) {
      Thread.onSpinWait();
    }
    if (System.nanoTime() - start > SPIN_NANOS) {
      LockSupport.park(this);
    }
  }

  private static void rethrow(Throwable failure) {
    switch (failure) {
      case null -> {}
      case RuntimeException e -> throw e;
      case Error e -> throw e;
      case Throwable e -> throw new IllegalStateException("a task failed", e);
    }
  }

  /** Ends the workers. Later regions run on their callers alone. */
  @Override
  public void close() {
    closed = true;
    for (Thread worker : workers) {
      LockSupport.unpark(worker);
    }
  }
}
