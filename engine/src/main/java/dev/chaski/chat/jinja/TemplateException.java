package dev.chaski.chat.jinja;

/**
 * The template refused the conversation ({@code raise_exception}) or did something that Python
 * would not do (an attribute of an undefined value, text plus number, ...).
 */
public final class TemplateException extends JinjaException {
  private static final long serialVersionUID = 1L;

  /** The line of a fault that was not yet traced to a statement. */
  static final int UNKNOWN_LINE = 0;

  private final String reason;
  private final int line;
  private final boolean raised;

  private TemplateException(String message, String reason, int line, boolean raised) {
    super(message);
    this.reason = reason;
    this.line = line;
    this.raised = raised;
  }

  /** A fault in the template's dealings with its values; worded as Python words it. */
  static TemplateException because(String reason) {
    return new TemplateException(reason, reason, UNKNOWN_LINE, false);
  }

  /** What {@code raise_exception(message)} throws. */
  static TemplateException raised(String message) {
    return new TemplateException(message, message, UNKNOWN_LINE, true);
  }

  /** The same fault, known to have happened in the statement on {@code line}. */
  TemplateException at(int statementLine) {
    if (line != UNKNOWN_LINE) {
      return this;
    }
    String message = raised ? reason : "template line " + statementLine + ": " + reason;
    TemplateException placed = new TemplateException(message, reason, statementLine, raised);
    placed.setStackTrace(getStackTrace());
    return placed;
  }

  /** What went wrong, without the place: for {@code raise_exception}, exactly its message. */
  public String reason() {
    return reason;
  }

  /** The line of the statement that failed, counted from 1. */
  public int line() {
    return line;
  }

  /** Whether the template itself called {@code raise_exception}. */
  public boolean raisedByTemplate() {
    return raised;
  }
}
