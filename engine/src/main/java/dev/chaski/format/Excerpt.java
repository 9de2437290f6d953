package dev.chaski.format;

/**
 * Text out of a file that nobody vouches for, made fit for a message or a terminal: cut to a
 * length, with everything that does not print (control sequences, direction overrides, line breaks)
 * written as an escape.
 */
public final class Excerpt {
  private static final int QUOTED_LENGTH = 80;

  private Excerpt() {}

  /** The beginning of {@code text} between single quotes: {@code 'blk.0.attn_q.weight'}. */
  public static String quoted(String text) {
    return quoted(text, QUOTED_LENGTH);
  }

  /**
   * The first {@code maxLength} characters of {@code text} between single quotes, followed by
   * {@code ...} if there are more.
   *
   * @param maxLength in code points
   */
  public static String quoted(String text, int maxLength) {
    StringBuilder out = new StringBuilder("'");
    int at = 0;
    for (int shown = 0; at < text.length() && shown < maxLength; shown++) {
      int codePoint = text.codePointAt(at);
      append(out, codePoint);
      at += Character.charCount(codePoint);
    }
    return out.append(at < text.length() ? "...'" : "'").toString();
  }

  private static void append(StringBuilder out, int codePoint) {
    switch (codePoint) {
      case '\n' -> out.append("\\n");
      case '\r' -> out.append("\\r");
      case '\t' -> out.append("\\t");
      default -> {
        if (prints(codePoint)) {
          out.appendCodePoint(codePoint);
        } else {
          out.append("\\u{").append(Integer.toHexString(codePoint)).append('}');
        }
      }
    }
  }

  private static boolean prints(int codePoint) {
    return switch (Character.getType(codePoint)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.PRIVATE_USE,
          Character.UNASSIGNED,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          false;
      default -> true;
    };
  }
}
