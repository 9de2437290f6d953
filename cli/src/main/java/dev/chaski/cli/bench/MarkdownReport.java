package dev.chaski.cli.bench;

import dev.chaski.cli.terminal.Sizes;
import dev.chaski.load.ModelInfo;
import java.util.Locale;

/** The table of llama-bench. */
final class MarkdownReport implements BenchReport {
  private static final String ROW =
      "| %-24s | %10s | %8s | %-7s | %7s | %6s | %-4s | %15s | %17s |%n";

  private BenchSetup setup;

  @Override
  public String row(BenchRow row) {
    boolean isFirst = setup == null;
    setup = row.setup();
    String line =
        String.format(
            Locale.ROOT,
            ROW,
            setup.type(),
            Sizes.bytes(setup.bytes()),
            ModelInfo.count(setup.weights()),
            setup.kernels(),
            setup.options().threads(),
            row.batchSize(),
            setup.options().kvType(),
            row.result().test().name(),
            String.format(
                Locale.ROOT, "%.2f ± %.2f", row.result().mean(), row.result().deviation()));
    return isFirst ? head() + line : line;
  }

  private static String head() {
    String names =
        String.format(
            Locale.ROOT,
            ROW,
            "model",
            "size",
            "params",
            "kernels",
            "threads",
            "batch",
            "kv",
            "test",
            "t/s");
    StringBuilder rule = new StringBuilder();
    for (String cell : names.strip().replaceAll("^\\|\\s|\\s\\|$", "").split(" \\| ", -1)) {
      boolean isText = cell.strip().matches("model|kernels|kv");
      rule.append("| ").repeat('-', cell.length() - 1).append(isText ? "- " : ": ");
    }
    return names + rule.append("|\n");
  }

  @Override
  public String end() {
    return setup == null
        ? ""
        : String.format(
            Locale.ROOT,
            "%nchaski %s; %s; %s; JDK %s; %s%n",
            setup.version(),
            setup.machine().cpu(),
            setup.machine().os(),
            setup.machine().jdk(),
            setup.kernelsDescription());
  }
}
