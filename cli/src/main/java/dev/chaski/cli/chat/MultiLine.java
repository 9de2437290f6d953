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
    String text = typed.strip();
    return text.startsWith(QUOTES) ? isQuoted(text) : !typed.endsWith("\\");
  }

  /** The message in what was typed: without the marks that made it several lines. */
  static String message(String typed) {
    String text = typed.strip();
    if (isQuoted(text)) {
      String inner = text.substring(QUOTES.length(), text.length() - QUOTES.length());
      return inner.strip();
    }
    String end = typed.endsWith("\\") ? typed.substring(0, typed.length() - 1) : typed;
    return end.replace("\\\n", "\n");
  }

  private static boolean isQuoted(String text) {
    return text.length() >= 2 * QUOTES.length() && text.startsWith(QUOTES) && text.endsWith(QUOTES);
  }
}
