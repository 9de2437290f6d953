package dev.chaski.chat.jinja;

/** What Python thinks of characters, where Java thinks otherwise. */
final class PythonText {
  /** Longer needles are searched in linear time; shorter ones by the JDK, which is quicker. */
  private static final int SHORT_NEEDLE = 16;

  private PythonText() {}

  /** {@code str.isspace} of one character. */
  static boolean isSpace(int codePoint) {
    return Character.isWhitespace(codePoint)
        || codePoint == 0x85
        || codePoint == 0xa0
        || codePoint == 0x2007
        || codePoint == 0x202f;
  }

  /** Whether {@code str.splitlines} breaks after the character. */
  static boolean isLineBreak(char c) {
    return (c >= '\n' && c <= '\r')
        || (c >= 0x1c && c <= 0x1e)
        || c == 0x85
        || c == 0x2028
        || c == 0x2029;
  }

  /** {@code str.isprintable} of one character: what {@code repr} shows as it is. */
  static boolean isPrintable(int codePoint) {
    return switch (Character.getType(codePoint)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.PRIVATE_USE,
          Character.UNASSIGNED,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          false;
      case Character.SPACE_SEPARATOR -> codePoint == ' ';
      default -> true;
    };
  }

  /** The text without white space at its ends. */
  static String strip(String text) {
    return text.substring(stripStart(text), Math.max(stripStart(text), stripEnd(text)));
  }

  private static int stripStart(String text) {
    int start = 0;
    while (start < text.length() && isSpace(text.charAt(start))) {
      start++;
    }
    return start;
  }

  private static int stripEnd(String text) {
    int end = text.length();
    while (end > 0 && isSpace(text.charAt(end - 1))) {
      end--;
    }
    return end;
  }

  /** Compares by code points, as Python does; Java compares {@code char}s. */
  static int compare(String left, String right) {
    int length = Math.min(left.length(), right.length());
    for (int i = 0; i < length; i++) {
      char a = left.charAt(i);
      char b = right.charAt(i);
      if (a != b) {
        boolean surrogates = Character.isSurrogate(a) != Character.isSurrogate(b);
        return surrogates ? (Character.isSurrogate(a) ? 1 : -1) : Character.compare(a, b);
      }
    }
    return Integer.compare(left.length(), right.length());
  }

  /**
   * The first place of {@code needle} at or after {@code from}, or -1. Takes time in the sum of the
   * lengths, whatever the texts are, unlike {@link String#indexOf(String)}.
   */
  static int find(String text, String needle, int from, Budget budget) {
    if (needle.length() <= SHORT_NEEDLE) {
      int found = text.indexOf(needle, from);
      budget.characters((found < 0 ? text.length() : found) - (long) Math.min(from, text.length()));
      return found;
    }
    budget.characters(needle.length() + Math.max(0, text.length() - (long) from));
    int[] fallback = fallbacks(needle);
    int matched = 0;
    for (int i = from; i < text.length(); i++) {
      while (matched > 0 && text.charAt(i) != needle.charAt(matched)) {
        matched = fallback[matched - 1];
      }
      if (text.charAt(i) == needle.charAt(matched) && ++matched == needle.length()) {
        return i - matched + 1;
      }
    }
    return -1;
  }

  /** The last place of {@code needle} that ends at or before {@code end}, or -1. */
  static int findLast(String text, String needle, int end, Budget budget) {
    if (needle.length() <= SHORT_NEEDLE) {
      int found = text.lastIndexOf(needle, end - needle.length());
      budget.characters(end - (long) Math.max(found, 0));
      return found;
    }
    budget.characters(2L * (end + needle.length()));
    String reversed = new StringBuilder(text.substring(0, end)).reverse().toString();
    String reversedNeedle = new StringBuilder(needle).reverse().toString();
    int found = find(reversed, reversedNeedle, 0, budget);
    return found < 0 ? -1 : end - found - needle.length();
  }

  /** Knuth, Morris and Pratt's table: how much is still matched when the next character is not. */
  private static int[] fallbacks(String needle) {
    int[] fallback = new int[needle.length()];
    int matched = 0;
    for (int i = 1; i < needle.length(); i++) {
      while (matched > 0 && needle.charAt(i) != needle.charAt(matched)) {
        matched = fallback[matched - 1];
      }
      if (needle.charAt(i) == needle.charAt(matched)) {
        matched++;
      }
      fallback[i] = matched;
    }
    return fallback;
  }
}
