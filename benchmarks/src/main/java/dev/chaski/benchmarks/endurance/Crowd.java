package dev.chaski.benchmarks.endurance;

import dev.chaski.Chaski;
import dev.chaski.Options;
import dev.chaski.benchmarks.Arguments;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

/**
 * Many sessions on one model at once, some of them cancelled or closed at random. Every answer must
 * be the one that a session alone gets, what sessions hold must be given back, and nothing may
 * stand still.
 */
public final class Crowd {
  private static final Set<String> OPTIONS =
      Set.of("--model", "--sessions", "--seconds", "--threads", "--seed");
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Duration REPORT_EVERY = Duration.ofMinutes(1);
  private static final long DISTURB_NANOS = Duration.ofMillis(3).toNanos();
  private static final int CONTEXT = 256;

  private final Path model;
  private final int sessions;
  private final int threads;
  private final long seed;
  private final PrintStream out;

  /**
   * A crowd.
   *
   * @param sessions at a time, each on a thread of its own
   * @param threads of the model's worker pool
   * @param seed of what is asked when, and what is disturbed
   */
  Crowd(Path model, int sessions, int threads, long seed, PrintStream out) {
    this.model = model;
    this.sessions = sessions;
    this.threads = threads;
    this.seed = seed;
    this.out = out;
  }

  /**
   * {@code --model FILE [--sessions 64] [--seconds 600] [--threads 2] [--seed 1]}; ends with status
   * 1 if anything is wrong.
   */
  public static void main(String[] args) throws IOException, InterruptedException {
    Arguments arguments = new Arguments(OPTIONS, args);
    Crowd crowd =
        new Crowd(
            arguments.path("--model"),
            arguments.number("--sessions", 64),
            arguments.number("--threads", 2),
            arguments.number("--seed", 1),
            System.out);
    List<String> faults = crowd.run(Duration.ofSeconds(arguments.number("--seconds", 600)));
    faults.forEach(System.out::println);
    System.out.println(faults.isEmpty() ? "all is well" : faults.size() + " faults");
    System.exit(faults.isEmpty() ? 0 : 1);
  }

  /** Lets them come and go for that long, and says what was wrong. */
  List<String> run(Duration duration) throws IOException, InterruptedException {
    Tally tally = new Tally();
    Footprint before = Footprint.now();
    try (Chaski chaski =
        Chaski.open(model, Options.defaults().withThreads(threads).withContextLength(CONTEXT))) {
      List<Errand> errands = Errand.all();
      List<List<List<Integer>>> expected = alone(chaski, errands, tally);
      Footprint opened = Footprint.now();
      out.printf("alone:  %s%n", opened);
      visit(chaski, errands, expected, tally, duration);
      Footprint after = Footprint.now();
      out.printf("after:  %s%n", after);
      if (after.isAbove(opened)) {
        tally.fault("sessions still hold memory: " + after + ", before: " + opened);
      }
    }
    Footprint closed = Footprint.now();
    out.printf("closed: %s, before the model was opened: %s%n", closed, before);
    if (closed.isAbove(before)) {
      tally.fault("the closed model still holds memory: " + closed + ", before: " + before);
    }
    if (Footprint.mappingsOf(model.toRealPath()) != 0) {
      tally.fault(model + " is still mapped");
    }
    return tally.faults();
  }

  /** Answers with nobody else there. The first time fills what sessions share. */
  private static List<List<List<Integer>>> alone(Chaski chaski, List<Errand> errands, Tally tally)
      throws IOException {
    List<List<List<Integer>>> expected = new ArrayList<>();
    for (Errand errand : errands) {
      errand.run(chaski);
    }
    for (Errand errand : errands) {
      expected.add(errand.run(chaski));
      if (!errand.run(chaski).equals(expected.getLast())) {
        tally.fault("not even alone are answers the same twice: " + errand);
      }
    }
    return expected;
  }

  private void visit(
      Chaski chaski,
      List<Errand> errands,
      List<List<List<Integer>>> expected,
      Tally tally,
      Duration duration)
      throws InterruptedException {
    AtomicBoolean done = new AtomicBoolean();
    List<Visitor> visitors = new ArrayList<>();
    List<Thread> running = new ArrayList<>();
    try (Watchdog watchdog = new Watchdog(tally.steps::sum, PATIENCE, out)) {
      for (int i = 0; i < sessions; i++) {
        Visitor visitor =
            new Visitor(chaski, errands, expected, tally, seed * sessions + i, done::get);
        visitors.add(visitor);
        running.add(Thread.ofPlatform().name("visitor-" + i).daemon().start(visitor));
      }
      running.add(
          Thread.ofPlatform()
              .name("disturber")
              .daemon()
              .start(() -> disturb(visitors, new Random(seed), done)));
      await(duration, tally, watchdog);
      done.set(true);
      for (Thread thread : running) {
        while (thread.isAlive() && !watchdog.isStuck()) {
          thread.join(Duration.ofMillis(200));
        }
      }
      report(tally, duration);
      if (watchdog.isStuck()) {
        tally.fault("nothing has moved for " + PATIENCE);
      }
    }
  }

  private void await(Duration duration, Tally tally, Watchdog watchdog) {
    PausableClock clock = new PausableClock();
    Duration next = REPORT_EVERY;
    while (clock.elapsed().compareTo(duration) < 0 && !watchdog.isStuck()) {
      LockSupport.parkNanos(Duration.ofMillis(100).toNanos());
      if (clock.elapsed().compareTo(next) > 0) {
        report(tally, next);
        next = next.plus(REPORT_EVERY);
      }
    }
  }

  private void report(Tally tally, Duration elapsed) {
    out.printf(
        "%d s: %d answers finished, %d cancelled, %d sessions closed, %d not while they answered,"
            + " %d faults%n",
        elapsed.toSeconds(),
        tally.finished.sum(),
        tally.cancelled.sum(),
        tally.closed.sum(),
        tally.refused.sum(),
        tally.faults().size());
  }

  private static void disturb(List<Visitor> visitors, Random random, AtomicBoolean done) {
    while (!done.get()) {
      LockSupport.parkNanos(DISTURB_NANOS);
      Visitor visitor = visitors.get(random.nextInt(visitors.size()));
      if (random.nextInt(10) == 0) {
        visitor.cancel();
      } else {
        visitor.closeSession();
      }
    }
  }
}
