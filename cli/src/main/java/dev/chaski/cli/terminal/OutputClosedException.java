package dev.chaski.cli.terminal;

import java.io.IOException;
import java.io.UncheckedIOException;

/** Standard output takes no more: its reader has left, or the disk is full. */
public final class OutputClosedException extends UncheckedIOException {
  private static final long serialVersionUID = 1L;

  OutputClosedException(IOException cause) {
    super("cannot write the output: " + cause.getMessage(), cause);
  }

  /** Whether the reader has left, as {@code head} does when it has enough: no failure of ours. */
  public boolean isBrokenPipe() {
    String message = getCause().getMessage();
    return message != null && message.toLowerCase(java.util.Locale.ROOT).contains("pipe");
  }
}
