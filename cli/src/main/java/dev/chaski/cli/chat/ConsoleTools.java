package dev.chaski.cli.chat;

import dev.chaski.chat.tool.ToolCall;
import dev.chaski.chat.tool.ToolRunner;
import dev.chaski.cli.terminal.Console;
import dev.chaski.cli.terminal.Console.Stream;
import dev.chaski.cli.terminal.Visible;
import dev.chaski.cli.tool.CommandProcess;
import dev.chaski.cli.tool.CommandTool;
import dev.chaski.generate.Cancellation;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The tools of a chat. No command runs before somebody has said yes to it, as it stands; a tool
 * without a command is answered by the person.
 */
public final class ConsoleTools implements ToolRunner {
  private static final Duration TIMEOUT = Duration.ofSeconds(60);
  private static final String REFUSED = "The user did not allow this call.";

  private final Console console;
  private final LineSource lines;
  private final List<CommandTool> tools;
  private final boolean allowed;
  private final Set<String> alwaysAllowed = new HashSet<>();
  private Cancellation cancellation = new Cancellation();

  /**
   * Tools of a chat.
   *
   * @param allowed whether commands run without asking
   */
  public ConsoleTools(Console console, LineSource lines, List<CommandTool> tools, boolean allowed) {
    this.console = console;
    this.lines = lines;
    this.tools = List.copyOf(tools);
    this.allowed = allowed;
  }

  /** The tools. */
  List<CommandTool> tools() {
    return tools;
  }

  /** What stops commands of the next answer. */
  void cancelledBy(Cancellation newCancellation) {
    cancellation = newCancellation;
  }

  /** What {@code /tools} says. */
  String listing() {
    if (tools.isEmpty()) {
      return "There are no tools; start with --tools FILE.";
    }
    return tools.stream()
        .map(tool ->
            console.style(Stream.STDERR).bold(tool.tool().name())
                + "  "
                + Visible.text(tool.tool().description())
                + "\n  "
                + (tool.command().isEmpty() ? "(you give the result)" : shown(tool.command())))
        .collect(Collectors.joining("\n"));
  }

  @Override
  public String run(ToolCall call) {
    Optional<CommandTool> found =
        tools.stream().filter(tool -> tool.tool().name().equals(call.name())).findFirst();
    if (found.isEmpty()) {
      return "There is no tool called '" + call.name() + "'.";
    }
    CommandTool tool = found.get();
    if (tool.command().isEmpty()) {
      return ask("result> ").orElse("There is nobody who could answer this call.");
    }
    List<String> command;
    try {
      command = tool.commandFor(call.arguments());
    } catch (IllegalArgumentException e) {
      return "The call is wrong: " + e.getMessage() + ".";
    }
    if (!mayRun(call.name(), command)) {
      return REFUSED;
    }
    return CommandProcess.run(command, call.argumentsJson(), TIMEOUT, cancellation);
  }

  private boolean mayRun(String name, List<String> command) {
    if (allowed || alwaysAllowed.contains(name)) {
      return true;
    }
    if (!lines.isInteractive()) {
      console.note("chaski: not run, as nobody can be asked (--yes allows it): " + shown(command));
      return false;
    }
    console.note("  " + shown(command));
    String answer = ask("run it? [y]es, [n]o, [a]lways > ").orElse("n");
    return switch (answer.strip().toLowerCase(Locale.ROOT)) {
      case "a", "always" -> {
        alwaysAllowed.add(name);
        yield true;
      }
      case "y", "yes" -> true;
      default -> false;
    };
  }

  private Optional<String> ask(String question) {
    try {
      return lines.ask(question);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A command as a person would type it, so that spaces and quotes in it are seen. */
  private static String shown(List<String> command) {
    return command.stream().map(ConsoleTools::quoted).collect(Collectors.joining(" "));
  }

  private static String quoted(String part) {
    String text = Visible.text(part);
    return text.matches("[A-Za-z0-9_./:=@%+,?&{}-]+")
        ? text
        : "'" + text.replace("'", "'\\''") + "'";
  }
}
