package dev.chaski.cli.chat;

import dev.chaski.cli.terminal.Console;
import dev.chaski.cli.terminal.Interrupts;
import dev.chaski.cli.terminal.Interrupts.Guard;
import dev.chaski.cli.terminal.StandardInput;
import dev.chaski.generate.Cancellation;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/** Messages from a pipe or a file: one a line, or more lines as {@link MultiLine} has them. */
public final class PipedLines implements LineSource {
  private final InputStream in;

  /** Messages from standard input. */
  public PipedLines(Console console) {
    this.in = new BufferedInputStream(console.in());
  }

  @Override
  public boolean isInteractive() {
    return false;
  }

  @Override
  public Optional<String> next(String status) throws IOException {
    Optional<String> first = line();
    if (first.isEmpty()) {
      return first;
    }
    StringBuilder text = new StringBuilder(first.get());
    while (!MultiLine.isComplete(text.toString())) {
      Optional<String> more = line();
      if (more.isEmpty()) {
        break;
      }
      text.append('\n').append(more.get());
    }
    return Optional.of(MultiLine.message(text.toString()));
  }

  @Override
  public int columns() {
    return 0;
  }

  @Override
  public Optional<String> ask(String question) {
    return Optional.empty();
  }

  private Optional<String> line() throws IOException {
    return StandardInput.readLine(in)
        .map(line -> line.endsWith("\r") ? line.substring(0, line.length() - 1) : line);
  }

  @Override
  public Guard answering(Cancellation cancellation) {
    return Interrupts.cancelling(cancellation);
  }

  @Override
  public void close() {}
}
