package dev.chaski.benchmarks.endurance;

import dev.chaski.Chaski;
import dev.chaski.Options;
import dev.chaski.benchmarks.Arguments;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Generates on one thread for as long as one likes, a session after the other, and writes memory
 * and speed over time as CSV: both must stay as they are.
 */
public final class Soak {
  private static final Set<String> OPTIONS = Set.of("--model", "--seconds", "--every");
  private static final double NANOS = 1e9;

  private final Path model;
  private final Duration every;
  private final PrintStream out;

  /**
   * A soak.
   *
   * @param every how often to measure
   */
  Soak(Path model, Duration every, PrintStream out) {
    this.model = model;
    this.every = every;
    this.out = out;
  }

  /**
   * {@code --model FILE [--seconds 3600] [--every 60]}: CSV, and a verdict as the last line; ends
   * with status 1 if it is bad.
   */
  public static void main(String[] args) throws IOException {
    Arguments arguments = new Arguments(OPTIONS, args);
    Soak soak =
        new Soak(
            arguments.path("--model"),
            Duration.ofSeconds(arguments.number("--every", 60)),
            System.out);
    SoakVerdict verdict =
        SoakVerdict.of(soak.run(Duration.ofSeconds(arguments.number("--seconds", 3600))));
    System.out.println("# " + verdict);
    System.exit(verdict.isFlat() ? 0 : 1);
  }

  /** Generates for that long. */
  List<SoakSample> run(Duration duration) throws IOException {
    List<SoakSample> samples = new ArrayList<>();
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    List<Errand> errands = Errand.all();
    out.println(SoakSample.HEADER);
    try (Chaski chaski = Chaski.open(model, Options.defaults().withThreads(1))) {
      PausableClock clock = new PausableClock();
      Duration next = every;
      long tokens = 0;
      long cpu = threads.getCurrentThreadCpuTime();
      for (int i = 0; clock.elapsed().compareTo(duration) < 0; i++) {
        tokens += errands.get(i % errands.size()).run(chaski).stream().mapToLong(List::size).sum();
        if (clock.elapsed().compareTo(next) >= 0) {
          long spent = threads.getCurrentThreadCpuTime() - cpu;
          SoakSample sample =
              new SoakSample(clock.elapsed().toSeconds(), tokens, spent / NANOS, Footprint.now());
          samples.add(sample);
          out.println(sample.csv());
          tokens = 0;
          cpu = threads.getCurrentThreadCpuTime(); // the collection is not counted
          next = next.plus(every);
        }
      }
    }
    return samples;
  }
}
