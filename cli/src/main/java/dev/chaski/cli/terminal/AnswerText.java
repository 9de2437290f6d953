package dev.chaski.cli.terminal;

/** Where the text of an answer goes, piece by piece. */
public interface AnswerText {
  /** The next piece. It may be held back until it is clear how it is to look. */
  void accept(String piece);

  /** There are no more: prints what was held back, and ends the last line. */
  void finish();

  /** Whether the answer began a line and did not end it. */
  boolean isLineOpen();
}
