package dev.chaski.grammar;

/** The text of a grammar, a place in it, and the smallest pieces that are read from there. */
final class GbnfText {
  private static final int END = -1;

  private final String text;
  private int at;

  GbnfText(String text) {
    this.text = text;
  }

  int position() {
    return at;
  }

  boolean atEnd() {
    return at == text.length();
  }

  /** The code point here, or -1 at the end. */
  int peek() {
    return atEnd() ? END : text.codePointAt(at);
  }

  /** The code point here, which is then behind; there is one. */
  int next() {
    int c = text.codePointAt(at);
    at += Character.charCount(c);
    return c;
  }

  boolean lookingAt(String expected) {
    return text.startsWith(expected, at);
  }

  /** Goes behind this text if it is here. */
  boolean take(String expected) {
    boolean here = lookingAt(expected);
    if (here) {
      at += expected.length();
    }
    return here;
  }

  /** Goes behind the end of the line if it is here. */
  boolean takeLineEnd() {
    return take("\r\n") || take("\n");
  }

  /** Goes behind spaces, comments and, if wanted, line ends. */
  void skipSpace(boolean lineEnds) {
    while (!atEnd()) {
      char c = text.charAt(at);
      if (c == '#') {
        int end = text.indexOf('\n', at);
        at = end < 0 ? text.length() : end;
      } else if (c == ' ' || c == '\t' || c == '\uFEFF' || (lineEnds && (c == '\n' || c == '\r'))) {
        at++;
      } else {
        return;
      }
    }
  }

  /** Goes behind a {@code |}, also one at the beginning of the next line. */
  boolean takeBar(boolean nested) {
    int before = at;
    skipSpace(true);
    if (take("|")) {
      return true;
    }
    if (!nested) {
      at = before;
    }
    return false;
  }

  static boolean isNameCharacter(int c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || c == '-'
        || c == '_';
  }

  /** The name of a rule. */
  String name(String expected) {
    int start = at;
    while (isNameCharacter(peek())) {
      at++;
    }
    if (at == start) {
      throw fault(at, "expected " + expected + ", found " + describe());
    }
    return text.substring(start, at);
  }

  /** Whether the name here is defined here: the rule before has no end. */
  boolean isRuleStart() {
    int before = at;
    while (isNameCharacter(peek())) {
      at++;
    }
    skipSpace(false);
    boolean start = lookingAt("::=");
    at = before;
    return start;
  }

  /** A number in decimal digits. */
  int integer(int max) {
    int start = at;
    int value = 0;
    while (peek() >= '0' && peek() <= '9') {
      value = value * 10 + (next() - '0');
      if (value > max) {
        throw fault(start, "repetitions are counted up to %,d here".formatted(max));
      }
    }
    if (at == start) {
      throw fault(at, "expected a number of repetitions, found " + describe());
    }
    return value;
  }

  /** The character that an escape stands for; the place is behind its backslash. */
  int escape(int backslash) {
    int kind = atEnd() ? END : next();
    return switch (kind) {
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      case '\\', '"', '[', ']', '-', '^' -> kind;
      case 'x' -> hex(backslash, 2);
      case 'u' -> hex(backslash, 4);
      case 'U' -> hex(backslash, 8);
      default ->
          throw fault(
              backslash,
              "unknown escape; there are \\n \\r \\t \\\\ \\\" \\[ \\] \\- \\^ \\xHH \\uHHHH"
                  + " \\UHHHHHHHH");
    };
  }

  private int hex(int backslash, int digits) {
    long value = 0;
    for (int i = 0; i < digits; i++) {
      int digit = atEnd() || peek() > 'f' ? -1 : Character.digit(peek(), 16);
      if (digit < 0) {
        throw fault(backslash, "the escape needs %d hexadecimal digits".formatted(digits));
      }
      value = value * 16 + digit;
      at++;
    }
    if (value > Character.MAX_CODE_POINT) {
      throw fault(backslash, "there is no character beyond U+10FFFF");
    }
    return (int) value;
  }

  /** What is here, for messages. */
  String describe() {
    if (atEnd()) {
      return "the end of the grammar";
    }
    int c = peek();
    return c == '\n' || c == '\r'
        ? "the end of the line"
        : Character.isISOControl(c) ? "U+%04X".formatted(c) : "'" + Character.toString(c) + "'";
  }

  /** {@code line 3, column 7}. */
  String place(int position) {
    int line = 1;
    int lineStart = 0;
    for (int i = 0; i < position; i++) {
      if (text.charAt(i) == '\n') {
        line++;
        lineStart = i + 1;
      }
    }
    return "line %d, column %d"
        .formatted(line, text.codePointCount(lineStart, Math.max(lineStart, position)) + 1);
  }

  GrammarException fault(int position, String reason) {
    return new GrammarException("grammar, " + place(position) + ": " + reason);
  }
}
