package dev.chaski.benchmarks;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import org.openjdk.jmh.Main;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.CommandLineOptionException;
import org.openjdk.jmh.runner.options.CommandLineOptions;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/**
 * Runs JMH with its own options and one more, {@code --width 128,256,512}: bits of the vector
 * registers that the forks may use. {@link RooflineBenchmark} runs along, and a table at the end
 * holds every result against it.
 */
public final class BenchmarkMain {
  private static final String WIDTH = "--width";
  private static final String VECTOR_API = "jdk.incubator.vector";

  private BenchmarkMain() {}

  /** See the class. */
  public static void main(String[] args) throws Exception {
    List<String> rest = new ArrayList<>(Arrays.asList(args));
    List<Integer> widths = takeWidths(rest);
    String[] options = rest.toArray(String[]::new);
    CommandLineOptions commandLine = new CommandLineOptions(options);
    if (commandLine.shouldHelp()
        || commandLine.shouldList()
        || commandLine.shouldListWithParams()
        || commandLine.shouldListProfilers()
        || commandLine.shouldListResultFormats()) {
      Main.main(options);
      return;
    }
    RooflineReport report = new RooflineReport();
    if (widths.isEmpty()) {
      report.add("", run(withRoofline(commandLine)));
    }
    for (int width : widths) {
      OptionsBuilder builder = new OptionsBuilder();
      builder.parent(withRoofline(commandLine));
      List<String> jvmArgs =
          new ArrayList<>(List.of("--add-modules", VECTOR_API, "-XX:MaxVectorSize=" + width / 8));
      commandLine.getJvmArgsAppend().orElse(List.of()).forEach(jvmArgs::add);
      builder.jvmArgsAppend(jvmArgs.toArray(String[]::new));
      if (widths.size() > 1 && commandLine.getResult().hasValue()) {
        builder.result(width + "-" + commandLine.getResult().get());
      }
      report.add(width + " bits", run(builder.build()));
    }
    System.out.print(report.text());
  }

  /** Removes {@code --width LIST} and answers the list. */
  private static List<Integer> takeWidths(List<String> args) throws CommandLineOptionException {
    int at = args.indexOf(WIDTH);
    if (at < 0) {
      return List.of();
    }
    if (at + 1 == args.size()) {
      throw new CommandLineOptionException(WIDTH + " needs a list of bits, as 128,256,512");
    }
    List<Integer> widths =
        Arrays.stream(args.get(at + 1).split(",", -1)).map(Integer::valueOf).toList();
    for (int width : widths) {
      if (width != 128 && width != 256 && width != 512) {
        throw new CommandLineOptionException(WIDTH + " " + width + ": it is 128, 256 or 512 bits");
      }
    }
    args.subList(at, at + 2).clear();
    return widths;
  }

  /** Without a pattern everything runs, the roofline too. */
  private static Options withRoofline(CommandLineOptions commandLine) {
    OptionsBuilder builder = new OptionsBuilder();
    builder.parent(commandLine);
    if (!commandLine.getIncludes().isEmpty()) {
      commandLine.getIncludes().forEach(builder::include);
      builder.include(RooflineBenchmark.class.getSimpleName());
    }
    return builder.build();
  }

  private static Collection<RunResult> run(Options options) throws RunnerException {
    return new Runner(options).run();
  }
}
