package dev.chaski.benchmarks.peer;

import dev.chaski.Options;
import dev.chaski.benchmarks.Arguments;
import dev.chaski.measure.Machine;
import dev.chaski.measure.SpeedResult;
import dev.chaski.measure.SpeedTest;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Times Chaski and llama.cpp in turns on the same model: {@code SideBySide --model FILE --llama
 * FOLDER}, where node-llama-cpp is installed in FOLDER. Each engine warms up on each test; then
 * pairs of runs follow, the one that begins taking turns too. Prints the ratio of each pair and
 * their median.
 */
public final class SideBySide {
  private static final Set<String> OPTIONS =
      Set.of(
          "--model",
          "--llama",
          "--node",
          "-p",
          "-n",
          "-d",
          "-t",
          "-b",
          "-r",
          "--warmup",
          "--flash-attention",
          "--record");

  /** For the threads of the other engine to go to sleep. */
  private static final Duration PAUSE = Duration.ofMillis(100);

  private final PrintStream out;
  private final int pairs;
  private final Duration warmup;

  /**
   * A comparison.
   *
   * @param pairs runs of each test by each engine
   * @param warmup how long each engine runs each test before, and at least once
   */
  SideBySide(PrintStream out, int pairs, Duration warmup) {
    this.out = out;
    this.pairs = pairs;
    this.warmup = warmup;
  }

  /** See the class, and benchmarks/README.md. */
  public static void main(String[] args) throws IOException, InterruptedException {
    Arguments arguments = new Arguments(OPTIONS, args);
    Path model = arguments.path("--model");
    int threads = arguments.number("-t", Options.defaults().threads());
    int batch = arguments.number("-b", Options.defaults().prefillBatch());
    List<SpeedTest> tests =
        tests(
            arguments.numbers("-p", 512), arguments.numbers("-n", 128), arguments.numbers("-d", 0));
    int context = tests.stream().mapToInt(SpeedTest::positions).max().orElseThrow();
    LlamaCppEngine.Setup setup =
        new LlamaCppEngine.Setup(
            arguments.find("--node").orElse("node"),
            arguments.path("--llama"),
            model,
            threads,
            context + 16, // it keeps some for itself
            batch,
            arguments.find("--flash-attention").map(Boolean::parseBoolean).orElse(false));
    Options options = Options.defaults().withThreads(threads).withPrefillBatch(batch);
    Optional<String> record = arguments.find("--record");
    SideBySide comparison =
        new SideBySide(
            System.out,
            arguments.number("-r", 5),
            Duration.ofSeconds(arguments.number("--warmup", 10)));
    try (ChaskiEngine ours = new ChaskiEngine(model, options);
        LlamaCppEngine theirs = new LlamaCppEngine(setup)) {
      System.out.println(ours.model() + ", " + threads + " threads");
      System.out.println("ours:   " + ours.name());
      System.out.println("theirs: " + theirs.name());
      List<SpeedRecord> rows = new ArrayList<>();
      for (SpeedTest test : tests) {
        PairedResult result = comparison.compare(ours, theirs, test);
        SpeedRecord row = row(ours.model(), threads, theirs.name(), result);
        rows.add(row);
        if (record.isPresent()) {
          SpeedRecords.add(Path.of(record.get()), row);
        }
      }
      System.out.print("\n" + SpeedRecord.MARKDOWN_HEAD);
      rows.forEach(row -> System.out.print(row.markdown()));
    }
  }

  private static List<SpeedTest> tests(
      List<Integer> prompts, List<Integer> generated, List<Integer> depths) {
    List<SpeedTest> tests = new ArrayList<>();
    for (int depth : depths) {
      prompts.stream().filter(n -> n != 0).forEach(n -> tests.add(new SpeedTest(n, 0, depth)));
      generated.stream().filter(n -> n != 0).forEach(n -> tests.add(new SpeedTest(0, n, depth)));
    }
    if (tests.isEmpty()) {
      throw new IllegalArgumentException("there is nothing to test: give -p or -n");
    }
    return tests;
  }

  private static SpeedRecord row(String model, int threads, String peer, PairedResult result) {
    Machine machine = Machine.current();
    return new SpeedRecord(
        model,
        result.ours().test().name(),
        threads,
        result.ratios().length,
        result.ours().median(),
        result.theirs().median(),
        result.medianRatio(),
        result.lowestRatio(),
        result.highestRatio(),
        peer,
        machine.cpu() + ", " + machine.os() + ", JDK " + machine.jdk(),
        LocalDate.now(ZoneOffset.UTC).toString());
  }

  /** Runs a test in turns: first, second; second, first; first, second. */
  PairedResult compare(Engine ours, Engine theirs, SpeedTest test)
      throws IOException, InterruptedException {
    out.println(test.name() + ": warming up, which computes the context before it");
    warmUp(ours, test);
    warmUp(theirs, test);
    out.println(test.name() + ": measuring");
    List<Duration> a = new ArrayList<>();
    List<Duration> b = new ArrayList<>();
    for (int pair = 0; pair < pairs; pair++) {
      boolean weBegin = pair % 2 == 0;
      if (weBegin) {
        a.add(run(ours, test));
      }
      b.add(run(theirs, test));
      if (!weBegin) {
        a.add(run(ours, test));
      }
      double our = speed(test, a.getLast());
      double their = speed(test, b.getLast());
      out.printf(
          Locale.ROOT,
          "%s pair %d: %.2f and %.2f t/s, ratio %.3f%n",
          test.name(),
          pair + 1,
          our,
          their,
          our / their);
    }
    PairedResult result = new PairedResult(new SpeedResult(test, a), new SpeedResult(test, b));
    out.printf(Locale.ROOT, "%s: median ratio %.3f%n", test.name(), result.medianRatio());
    return result;
  }

  private void warmUp(Engine engine, SpeedTest test) throws IOException {
    long start = System.nanoTime();
    do {
      engine.run(test);
    } while (System.nanoTime() - start < warmup.toNanos());
  }

  private static Duration run(Engine engine, SpeedTest test)
      throws IOException, InterruptedException {
    Thread.sleep(PAUSE);
    return engine.run(test);
  }

  private static double speed(SpeedTest test, Duration time) {
    return test.tokens() * 1e9 / time.toNanos();
  }
}
