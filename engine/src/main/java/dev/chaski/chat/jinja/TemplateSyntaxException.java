package dev.chaski.chat.jinja;

/**
 * The text is not a template we understand. The message says where, what was found and expected.
 */
public final class TemplateSyntaxException extends JinjaException {
  private static final long serialVersionUID = 1L;

  private final int line;
  private final int column;
  private final String reason;

  TemplateSyntaxException(int line, int column, String reason) {
    super("template line " + line + ", column " + column + ": " + reason);
    this.line = line;
    this.column = column;
    this.reason = reason;
  }

  /** The line of the fault, counted from 1. */
  public int line() {
    return line;
  }

  /** The column of the fault in {@code char}s, counted from 1. */
  public int column() {
    return column;
  }

  /** What was found and what was expected, without the place. */
  public String reason() {
    return reason;
  }
}
