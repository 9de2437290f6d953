package dev.chaski.cli;

import dev.chaski.cli.terminal.Interrupts;

/** What the command's exit status means. */
final class ExitStatus {
  static final int OK = 0;

  /** The model is bad, a file cannot be read or written, the prompt does not fit. */
  static final int FAILURE = 1;

  /** An option is wrong or missing. */
  static final int USAGE = 2;

  static final int INTERRUPTED = Interrupts.EXIT_STATUS;

  private ExitStatus() {}
}
