package dev.chaski.cli.chat;

import dev.chaski.cli.terminal.Console;
import dev.chaski.cli.terminal.Console.Stream;
import dev.chaski.cli.terminal.Interrupts;
import dev.chaski.cli.terminal.Interrupts.Guard;
import dev.chaski.cli.terminal.Style;
import dev.chaski.generate.Cancellation;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import org.jline.reader.Buffer;
import org.jline.reader.Candidate;
import org.jline.reader.EOFError;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.ParsedLine;
import org.jline.reader.Parser;
import org.jline.reader.UserInterruptException;
import org.jline.reader.impl.DefaultParser;
import org.jline.terminal.Terminal;
import org.jline.terminal.Terminal.Signal;
import org.jline.terminal.Terminal.SignalHandler;
import org.jline.terminal.TerminalBuilder;

/** Messages typed at a terminal, with editing, history and completion of commands. */
public final class TerminalLines implements LineSource {
  private static final String PROMPT = "> ";
  private static final String CONTINUATION = ". ";
  private static final String END_OF_STYLE = "\u001b[0m";

  private final Console console;
  private final Terminal terminal;
  private final LineReader reader;
  private volatile int columns; // while an answer is printed

  /**
   * Takes over the terminal.
   *
   * @throws IOException if that fails
   */
  public TerminalLines(Console console) throws IOException {
    this.console = console;
    this.terminal =
        TerminalBuilder.builder()
            .system(true)
            .dumb(true)
            .nativeSignals(true)
            .graphemeCluster(false) // asking the terminal for it would lose what is typed meanwhile
            .build();
    LineReaderBuilder builder =
        LineReaderBuilder.builder()
            .terminal(terminal)
            .appName("chaski")
            .parser(new MultiLineParser())
            .completer((_, line, candidates) -> complete(line, candidates))
            .variable(LineReader.SECONDARY_PROMPT_PATTERN, CONTINUATION)
            .option(LineReader.Option.DISABLE_EVENT_EXPANSION, true)
            .option(LineReader.Option.HISTORY_TIMESTAMPED, false)
            .option(LineReader.Option.HISTORY_IGNORE_SPACE, true);
    HistoryFile.prepare(console).ifPresent(file -> builder.variable(LineReader.HISTORY_FILE, file));
    this.reader = builder.build();
    reader.getWidgets().put(LineReader.ACCEPT_LINE, this::accept);
  }

  /** Enter: a backslash before it becomes the end of a line. */
  private boolean accept() {
    Buffer typed = reader.getBuffer();
    String text = typed.toString();
    boolean atEnd = typed.cursor() == typed.length();
    if (atEnd && MultiLine.isContinued(text) && !MultiLine.isQuoteOpen(text)) {
      return typed.backspace() && write(typed, '\n');
    }
    return reader.getBuiltinWidgets().get(LineReader.ACCEPT_LINE).apply();
  }

  private static boolean write(Buffer buffer, char c) {
    buffer.write(c);
    return true;
  }

  @Override
  public boolean isInteractive() {
    return true;
  }

  @Override
  public int columns() {
    return columns;
  }

  @Override
  public Optional<String> next(String status) {
    Style style = console.style(Stream.STDERR);
    String prompt = (status.isEmpty() ? "" : style.dim(status) + " ") + style.bold(PROMPT);
    while (true) {
      try {
        return Optional.of(MultiLine.unquoted(reader.readLine(prompt)));
      } catch (UserInterruptException e) {
        if (e.getPartialLine().isEmpty()) {
          return Optional.empty();
        }
      } catch (EndOfFileException _) {
        return Optional.empty();
      }
    }
  }

  @Override
  public Optional<String> ask(String question) {
    reader.setVariable(LineReader.DISABLE_HISTORY, true);
    try {
      return Optional.of(reader.readLine(question));
    } catch (UserInterruptException | EndOfFileException _) {
      return Optional.empty();
    } finally {
      reader.setVariable(LineReader.DISABLE_HISTORY, false);
    }
  }

  /** Keys that are struck meanwhile do not show up in the answer; they are for the next message. */
  @Override
  public Guard answering(Cancellation cancellation) {
    boolean echo = terminal.echo(false);
    SignalHandler previous =
        terminal.handle(Signal.INT, _ -> Interrupts.interrupt(cancellation, () -> leave(echo)));
    columns = terminal.getColumns();
    SignalHandler previousResize =
        terminal.handle(Signal.WINCH, _ -> columns = terminal.getColumns());
    return () -> {
      terminal.handle(Signal.WINCH, previousResize);
      terminal.handle(Signal.INT, previous);
      terminal.echo(echo);
    };
  }

  /** Ends what an answer that stops in the middle has begun. */
  private void leave(boolean echo) {
    if (console.style(Stream.STDOUT) == Style.ANSI) {
      console.print(END_OF_STYLE);
    }
    terminal.echo(echo);
  }

  @Override
  public void close() {
    try {
      terminal.close();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot put the terminal back in order", e);
    }
  }

  private static void complete(ParsedLine line, List<Candidate> candidates) {
    if (line.line().startsWith("/") && line.wordIndex() == 0) {
      ChatInput.COMMANDS.forEach(name -> candidates.add(new Candidate(name)));
    }
  }

  /** Words are separated by spaces and nothing is quoted: messages are prose, not shell. */
  private static final class MultiLineParser implements Parser {
    private final DefaultParser words =
        new DefaultParser().quoteChars(new char[0]).escapeChars(null);

    @Override
    public ParsedLine parse(String line, int cursor, ParseContext context) {
      if (context == ParseContext.ACCEPT_LINE && MultiLine.isQuoteOpen(line)) {
        throw new EOFError(-1, -1, "the message goes on");
      }
      return words.parse(line, cursor, context);
    }
  }
}
