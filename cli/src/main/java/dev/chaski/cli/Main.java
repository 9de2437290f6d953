package dev.chaski.cli;

import dev.chaski.cli.terminal.Console;
import dev.chaski.cli.terminal.Console.Stream;
import dev.chaski.cli.terminal.OutputClosedException;
import dev.chaski.cli.terminal.Style;
import dev.chaski.kernels.WarmUp;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.RunLast;

/** Where the process starts. */
public final class Main {
  private Main() {}

  /** Runs the command and ends the process with its exit status, see {@link ExitStatus}. */
  public static void main(String[] args) {
    Optional<WarmUp> warmUp = asksAModel(args) ? Optional.of(WarmUp.start()) : Optional.empty();
    Console console = Console.ofProcess();
    console.eraseIncubatorWarning();
    System.exit(run(console, warmUp, args));
  }

  /**
   * Whether the command will need kernels as soon as it can have them, the default ones. Before
   * arguments are parsed: that takes as long as compiling the first kernel.
   */
  private static boolean asksAModel(String... args) {
    List<String> words = List.of(args);
    return args.length > 1
        && (args[0].equals("run") || args[0].equals("chat"))
        && words.stream().anyMatch(word -> word.equals("-m") || word.matches("--model(=.*)?"))
        && words.stream().noneMatch(word -> word.startsWith("--kernels"));
  }

  /** Runs the command on any console and answers its exit status. */
  static int run(Console console, String... args) {
    return run(console, Optional.empty(), args);
  }

  private static int run(Console console, Optional<WarmUp> warmUp, String... args) {
    ChaskiCommand top = new ChaskiCommand();
    Failures failures = new Failures(console, top);
    boolean styled = console.style(Stream.STDOUT) == Style.ANSI;
    CommandLine commandLine = new CommandLine(top);
    addCommands(commandLine, console, warmUp, args.length == 0 ? "" : args[0]);
    commandLine // settings are for the commands that are there
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

  /** All commands, or the one that is called by its name: finding out about one takes a while. */
  private static void addCommands(
      CommandLine to, Console console, Optional<WarmUp> warmUp, String called) {
    Map<String, Supplier<Object>> commands = new LinkedHashMap<>();
    commands.put("run", () -> new RunCommand(console, warmUp));
    commands.put("chat", () -> new ChatCommand(console, warmUp));
    commands.put("info", () -> new InfoCommand(console));
    commands.put("tokenize", () -> new TokenizeCommand(console));
    commands.put("quantize", () -> new QuantizeCommand(console));
    commands.put("convert", () -> new ConvertCommand(console));
    commands.put("logits", () -> new LogitsCommand(console));
    commands.put("bench", () -> new BenchCommand(console));
    commands.put("perplexity", () -> new PerplexityCommand(console));
    if (commands.containsKey(called)) {
      to.addSubcommand(commands.get(called).get());
    } else {
      commands.values().forEach(command -> to.addSubcommand(command.get()));
      to.addSubcommand(new CommandLine.HelpCommand());
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
