package dev.chaski.cli;

import dev.chaski.cli.terminal.Console;
import dev.chaski.cli.terminal.FileFaults;
import dev.chaski.cli.terminal.OutputClosedException;
import dev.chaski.kernels.DeviceException;
import dev.chaski.sample.UnusableLogitsException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** Turns exceptions into one line on stderr and an exit status. */
final class Failures implements IExecutionExceptionHandler, IParameterExceptionHandler {
  private final Console console;
  private final ChaskiCommand top;

  Failures(Console console, ChaskiCommand top) {
    this.console = console;
    this.top = top;
  }

  @Override
  public int handleExecutionException(
      Exception e, CommandLine commandLine, ParseResult parseResult) {
    return e instanceof ParameterException usage
        ? handleParseException(usage, parseResult.originalArgs().toArray(String[]::new))
        : report(e);
  }

  @Override
  public int handleParseException(ParameterException e, String[] args) {
    String message =
        e instanceof UnmatchedArgumentException unmatched
            ? describe(unmatched)
            : oneLine(e.getMessage());
    String command = e.getCommandLine().getCommandSpec().qualifiedName();
    return say(message + " ('" + command + " --help' lists what there is)", e, ExitStatus.USAGE);
  }

  /** Names the first argument that makes no sense; those behind it may be its values. */
  private static String describe(UnmatchedArgumentException e) {
    String argument = e.getUnmatched().getFirst();
    boolean commands = !e.getCommandLine().getSubcommands().isEmpty();
    String kind = e.isUnknownOption() ? "option" : commands ? "command" : "argument";
    List<String> similar = e.getSuggestions();
    return "there is no "
        + kind
        + " '"
        + argument
        + "'"
        + (similar.isEmpty() ? "" : "; did you mean " + String.join(" or ", similar) + "?");
  }

  /** Reports what made a command fail. */
  int report(Throwable e) {
    return switch (e) {
      case OutputClosedException closed when closed.isBrokenPipe() -> ExitStatus.OK;
      case OutOfMemoryError _ ->
          say(
              "out of memory ("
                  + e.getMessage()
                  + "); give Java more of it, for example with"
                  + " CHASKI_JAVA_OPTS=-Xmx8g, or use a shorter context (-c)",
              e,
              ExitStatus.FAILURE);
      case UncheckedIOException unchecked -> say(unchecked.getMessage(), e, ExitStatus.FAILURE);
      case IOException io -> say(FileFaults.describe(io), e, ExitStatus.FAILURE);
      case DeviceException _ -> say(e.getMessage(), e, ExitStatus.FAILURE);
      case UnusableLogitsException _ -> say(e.getMessage(), e, ExitStatus.FAILURE);
      case IllegalArgumentException _ -> say(e.getMessage(), e, ExitStatus.FAILURE);
      default -> say("internal error: " + e + "; --debug shows where", e, ExitStatus.FAILURE);
    };
  }

  private int say(String message, Throwable e, int status) {
    console.note("chaski: " + oneLine(message));
    if (top.isDebug() || !console.variable("CHASKI_DEBUG").isEmpty()) {
      StringWriter trace = new StringWriter();
      e.printStackTrace(new PrintWriter(trace));
      console.note(trace.toString().stripTrailing());
    }
    return status;
  }

  private static String oneLine(String message) {
    return message == null ? "no reason given" : message.strip().replaceAll("\\R\\s*", " ");
  }
}
