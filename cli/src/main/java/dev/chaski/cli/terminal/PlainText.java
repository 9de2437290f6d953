package dev.chaski.cli.terminal;

import dev.chaski.cli.terminal.Console.Stream;

/** An answer as it is; but on a terminal, characters that would steer it are spelled out. */
public final class PlainText implements AnswerText {
  private final Console console;
  private boolean open;

  /** Prints to stdout. */
  public PlainText(Console console) {
    this.console = console;
  }

  @Override
  public void accept(String piece) {
    console.print(console.isTerminal(Stream.STDOUT) ? Visible.lines(piece) : piece);
    open = piece.isEmpty() ? open : !piece.endsWith("\n");
  }

  @Override
  public void finish() {
    if (open) {
      console.print("\n");
      open = false;
    }
  }

  @Override
  public boolean isLineOpen() {
    return open;
  }
}
