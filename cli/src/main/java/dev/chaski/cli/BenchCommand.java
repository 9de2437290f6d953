package dev.chaski.cli;

import dev.chaski.Chaski;
import dev.chaski.Options;
import dev.chaski.cli.bench.BenchFormat;
import dev.chaski.cli.bench.BenchReport;
import dev.chaski.cli.bench.BenchRow;
import dev.chaski.cli.bench.BenchSetup;
import dev.chaski.cli.terminal.Console;
import dev.chaski.kernels.TensorType;
import dev.chaski.measure.SpeedMeter;
import dev.chaski.measure.SpeedResult;
import dev.chaski.measure.SpeedTest;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code chaski bench}: tokens per second, as llama-bench counts them. */
@Command(
    name = "bench",
    description = {
      "Measures speed as llama-bench does: prompts (pp), generation (tg), both (pp+tg).",
      "Tokens are random and nothing is sampled. Each test runs until it is warm, then -r times."
          + " Options that take a list try every combination.",
      "The figures are tokens per second, mean ± standard deviation. Standard output is the report"
          + " and nothing else."
    },
    mixinStandardHelpOptions = true,
    versionProvider = CommandVersion.class,
    sortOptions = false,
    optionListHeading = "%nOptions:%n",
    footerHeading = "%nExamples:%n",
    footer = {
      "  chaski bench -m model.gguf",
      "  chaski bench -m a.gguf -m b.gguf -p 128,512 -n 32 -t 1,2",
      "  chaski bench -m model.gguf -p 0 -n 64 -d 0,1024,8192 -o json > speed.json",
      "  chaski bench -m model.gguf -p 0 -n 0 -pg 512,128 -r 10"
    })
final class BenchCommand implements Callable<Integer> {
  private final Console console;

  @Spec private CommandSpec spec;

  @Option(
      names = {"-m", "--model"},
      paramLabel = "PATH",
      description = "A model, as for other commands; may be given again. Default: Cria.")
  private List<Path> models = List.of();

  @Option(
      names = {"-p", "--n-prompt"},
      split = ",",
      paramLabel = "N",
      defaultValue = "512",
      description = "Tokens of a prompt; 0 for no such test. Default: 512.")
  private List<Integer> prompts;

  @Option(
      names = {"-n", "--n-gen"},
      split = ",",
      paramLabel = "N",
      defaultValue = "128",
      description = "Tokens to generate; 0 for no such test. Default: 128.")
  private List<Integer> generated;

  @Option(
      names = "-pg",
      paramLabel = "P,N",
      description = "Also a test of a prompt and what follows it; may be given again.")
  private List<String> both = List.of();

  @Option(
      names = {"-d", "--n-depth"},
      split = ",",
      paramLabel = "N",
      defaultValue = "0",
      description = "Tokens in the context before, not timed. Default: 0.")
  private List<Integer> depths;

  @Option(
      names = {"-b", "--batch-size"},
      split = ",",
      paramLabel = "N",
      description = "Prompt tokens of one pass. Default: 512.")
  private List<Integer> batches = List.of(Options.defaults().prefillBatch());

  @Option(
      names = {"-t", "--threads"},
      split = ",",
      paramLabel = "N",
      description = "Threads that compute. Default: one for each core.")
  private List<Integer> threads = List.of(Options.defaults().threads());

  @Option(
      names = {"--kv-type", "--kv"},
      paramLabel = "TYPE",
      converter = ModelOptions.KvType.class,
      description = "How the context is stored: f16 (default) or f32.")
  private TensorType kvType = Options.defaults().kvType();

  @Option(
      names = "--kernels",
      paramLabel = "NAME",
      description = "What computes: vector, scalar. Default: the best that works here.")
  private String kernels;

  @Option(
      names = {"-ngl", "--gpu-layers"},
      paramLabel = "N",
      description =
          "With --kernels tornado, layers on the GPU: the last N and the output; the processor has"
              + " the rest. More than there are mean all. Default: all.")
  private Integer gpuLayers;

  @Option(
      names = {"-r", "--repetitions"},
      paramLabel = "N",
      defaultValue = "5",
      description = "Runs of each test. Default: 5.")
  private int repetitions;

  @Option(
      names = {"-w", "--warmup"},
      paramLabel = "SECONDS",
      defaultValue = "3",
      description =
          "Run each test before, not timed, for so long and at least once; 0 for not at all."
              + " Default: 3.")
  private double warmupSeconds;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORMAT",
      defaultValue = "md",
      description = "md (default), csv, json or jsonl.")
  private BenchFormat format;

  BenchCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws IOException {
    if (repetitions < 1) {
      throw usage("-r is " + repetitions + ", it must be 1 or more");
    }
    List<SpeedTest> tests = tests();
    BenchReport report = format.open();
    String version = CommandVersion.number();
    List<Path> all = new ArrayList<>(models);
    if (all.isEmpty()) {
      all.add(null); // the one inside
    }
    for (Path model : all) {
      for (int count : threads) {
        Options options = options(count);
        try (Chaski chaski = open(model, options)) {
          BenchSetup setup = BenchSetup.of(version, name(model), chaski, options);
          for (int batch : batches) {
            for (SpeedTest test : tests) {
              SpeedResult result = measure(chaski, test, batch);
              console.print(report.row(new BenchRow(setup, batch, result, Instant.now())));
            }
          }
        }
      }
    }
    console.print(report.end());
    return ExitStatus.OK;
  }

  /** For each depth the prompts, then what is generated, then both. */
  private List<SpeedTest> tests() {
    List<SpeedTest> tests = new ArrayList<>();
    try {
      for (int depth : depths) {
        prompts.stream().filter(n -> n != 0).forEach(n -> tests.add(new SpeedTest(n, 0, depth)));
        generated.stream().filter(n -> n != 0).forEach(n -> tests.add(new SpeedTest(0, n, depth)));
        for (String pair : both) {
          String[] numbers = pair.split(",", -1);
          if (numbers.length != 2) {
            throw usage("-pg is '" + pair + "', it must be two numbers, as 512,128");
          }
          tests.add(
              new SpeedTest(Integer.parseInt(numbers[0]), Integer.parseInt(numbers[1]), depth));
        }
      }
    } catch (NumberFormatException e) {
      throw usage("-pg has something that is not a number: " + e.getMessage());
    } catch (IllegalArgumentException e) {
      throw usage(e.getMessage());
    }
    if (tests.isEmpty()) {
      throw usage("there is nothing to test: give -p, -n or -pg");
    }
    return tests;
  }

  private Options options(int count) {
    try {
      Options options = Options.defaults().withThreads(count).withKvType(kvType);
      for (int batch : batches) {
        options = options.withPrefillBatch(batch);
      }
      options = gpuLayers == null ? options : options.withGpuLayers(gpuLayers);
      return kernels == null ? options : options.withKernels(kernels);
    } catch (IllegalArgumentException e) {
      throw usage(e.getMessage());
    }
  }

  private Chaski open(Path model, Options options) throws IOException {
    try {
      return model == null ? EmbeddedModel.open(options) : Chaski.open(model, options);
    } catch (IllegalArgumentException e) {
      throw usage(e.getMessage());
    }
  }

  private static String name(Path model) {
    Path name = model == null ? null : model.toAbsolutePath().getFileName();
    return name == null ? "(inside)" : name.toString();
  }

  private SpeedResult measure(Chaski chaski, SpeedTest test, int batch) {
    List<Duration> times = new ArrayList<>();
    try (SpeedMeter meter = new SpeedMeter(chaski.loaded().model(), test, kvType, batch)) {
      long start = System.nanoTime();
      while ((System.nanoTime() - start) * 1e-9 < warmupSeconds) {
        console.showProgress(test.name() + ": warming up");
        meter.run();
      }
      for (int run = 1; run <= repetitions; run++) {
        console.showProgress(
            "%s: run %d of %d%s".formatted(test.name(), run, repetitions, last(test, times)));
        times.add(meter.run());
      }
    } finally {
      console.eraseProgress();
    }
    return new SpeedResult(test, times);
  }

  private static String last(SpeedTest test, List<Duration> times) {
    return times.isEmpty()
        ? ""
        : String.format(
            Locale.ROOT, ", last %.2f t/s", test.tokens() * 1e9 / times.getLast().toNanos());
  }

  private ParameterException usage(String message) {
    return new ParameterException(spec.commandLine(), message);
  }
}
