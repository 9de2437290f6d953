package dev.chaski.cli;

import dev.chaski.cli.terminal.Console;
import dev.chaski.cli.terminal.Console.Stream;
import dev.chaski.cli.terminal.OutputClosedException;
import dev.chaski.cli.terminal.Style;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.RunLast;

/** Where the process starts. */
public final class Main {
  private Main() {}

  /** Runs the command and ends the process with its exit status, see {@link ExitStatus}. */
  public static void main(String[] args) {
    Console console = Console.ofProcess();
    console.eraseIncubatorWarning();
    System.exit(run(console, args));
  }

  /** Runs the command on any console and answers its exit status. */
  static int run(Console console, String... args) {
    ChaskiCommand top = new ChaskiCommand();
    Failures failures = new Failures(console, top);
    boolean styled = console.style(Stream.STDOUT) == Style.ANSI;
    CommandLine commandLine =
        new CommandLine(top)
            .addSubcommand(new RunCommand(console))
            .addSubcommand(new ChatCommand(console))
            .addSubcommand(new InfoCommand(console))
            .addSubcommand(new TokenizeCommand(console))
            .addSubcommand(new QuantizeCommand(console))
            .addSubcommand(new ConvertCommand(console))
            .addSubcommand(new LogitsCommand(console))
            .addSubcommand(new BenchCommand(console))
            .addSubcommand(new PerplexityCommand(console))
            .addSubcommand(new CommandLine.HelpCommand())
            .setExpandAtFiles(false) // a prompt may begin with @
            .setCaseInsensitiveEnumValuesAllowed(true)
            .setOut(new ConsoleWriter(console))
            .setColorScheme(Help.defaultColorScheme(styled ? Help.Ansi.ON : Help.Ansi.OFF))
            .setUsageHelpAutoWidth(console.isTerminal(Stream.STDOUT))
            .setExecutionStrategy(parsed -> execute(parsed, failures))
            .setParameterExceptionHandler(failures)
            .setExecutionExceptionHandler(failures);
    try {
      return commandLine.execute(args);
    } catch (OutOfMemoryError e) {
      return failures.report(e);
    }
  }

  /**
   * As usual; what picocli prints itself, help and versions, may be too much for its reader, too.
   */
  private static int execute(ParseResult parsed, Failures failures) {
    try {
      return new RunLast().execute(parsed);
    } catch (OutputClosedException e) {
      return failures.report(e);
    }
  }
}
