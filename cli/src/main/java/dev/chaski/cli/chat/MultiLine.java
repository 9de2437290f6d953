package dev.chaski.cli.chat;

/**
 * Messages of several lines. A backslash at the end of a line continues it on the next; or the
 * lines stand between <code>"""</code> and <code>"""</code>.
 */
final class MultiLine {
  private static final String QUOTES = "\"\"\"";

  private MultiLine() {}

  /** Whether nothing more has to follow what was typed. */
  static boolean isComplete(String typed) {
    return !isQuoteOpen(typed) && (isQuoted(typed.strip()) || !isContinued(typed));
  }

  /** Whether it began with quotes that have to be closed. */
  static boolean isQuoteOpen(String typed) {
    String text = typed.strip();
    return text.startsWith(QUOTES) && !isQuoted(text);
  }

  /** Whether it ends with the mark that another line follows. */
  static boolean isContinued(String typed) {
    return typed.endsWith("\\");
  }

  /** The message in what was typed: without the marks that made it several lines. */
  static String message(String typed) {
    String text = typed.strip();
    if (isQuoted(text)) {
      return unquoted(text);
    }
    String end = isContinued(typed) ? typed.substring(0, typed.length() - 1) : typed;
    return end.replace("\\\n", "\n");
  }

  /**
   * As {@link #message}, where marks at the ends of lines were taken out already: others may have
   * been pasted, and belong to the text. The line ends behind such a text do not.
   */
  static String unquoted(String typed) {
    String text = typed.strip();
    if (isQuoted(text)) {
      return text.substring(QUOTES.length(), text.length() - QUOTES.length()).strip();
    }
    int end = typed.length();
    while (end > 0 && (typed.charAt(end - 1) == '\n' || typed.charAt(end - 1) == '\r')) {
      end--;
    }
    return typed.substring(0, end);
  }

  private static boolean isQuoted(String text) {
    return text.length() >= 2 * QUOTES.length() && text.startsWith(QUOTES) && text.endsWith(QUOTES);
  }
}
