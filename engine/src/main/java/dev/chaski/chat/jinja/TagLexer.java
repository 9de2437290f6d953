package dev.chaski.chat.jinja;

import java.util.List;

/** Cuts the inside of a tag into names, literals and operators. */
final class TagLexer {
  private static final List<String> LONG_OPERATORS = List.of("//", "**", "==", "!=", ">=", "<=");
  private static final String OPERATORS = "+-/*%~[](){}><=.:|,;";

  private final Source source;
  private final String text;
  private final List<Token> tokens;
  private int offset;

  TagLexer(Source source, int offset, List<Token> tokens) {
    this.source = source;
    this.text = source.text();
    this.tokens = tokens;
    this.offset = offset;
  }

  int offset() {
    return offset;
  }

  void skipSpace() {
    while (offset < text.length() && PythonText.isSpace(text.charAt(offset))) {
      offset++;
    }
  }

  /** Reads one token; there must be something left to read. */
  void next() {
    int begin = offset;
    char c = text.charAt(begin);
    if (isDigit(c)) {
      number();
    } else if (c == '"' || c == '\'') {
      string();
    } else if (isNamePart(text.codePointAt(begin))) {
      while (offset < text.length() && isNamePart(text.codePointAt(offset))) {
        offset += Character.charCount(text.codePointAt(offset));
      }
      add(TokenType.NAME, text.substring(begin, offset), begin);
    } else {
      operator();
    }
  }

  private void add(TokenType type, String value, int begin) {
    tokens.add(new Token(type, value, begin));
  }

  private static boolean isDigit(int c) {
    return c >= '0' && c <= '9';
  }

  private static boolean isNamePart(int codePoint) {
    return codePoint == '_' || Character.isLetterOrDigit(codePoint);
  }

  private char at(int position) {
    return position < text.length() ? text.charAt(position) : 0;
  }

  private void operator() {
    for (String operator : LONG_OPERATORS) {
      if (text.startsWith(operator, offset)) {
        add(TokenType.OPERATOR, operator, offset);
        offset += 2;
        return;
      }
    }
    if (OPERATORS.indexOf(text.charAt(offset)) < 0) {
      String found = Character.toString(text.codePointAt(offset));
      throw source.fault(offset, "found the character '" + found + "', which has no meaning here");
    }
    add(TokenType.OPERATOR, text.substring(offset, offset + 1), offset);
    offset++;
  }

  private void number() {
    int begin = offset;
    boolean afterDot = begin > 0 && text.charAt(begin - 1) == '.';
    int whole = digits(begin, 10);
    int end = whole;
    if (!afterDot) {
      if (at(end) == '.' && isDigit(at(end + 1))) {
        end = digits(end + 1, 10);
      }
      if (at(end) == 'e' || at(end) == 'E') {
        int power = end + 1 + (at(end + 1) == '+' || at(end + 1) == '-' ? 1 : 0);
        end = isDigit(at(power)) ? digits(power, 10) : end;
      }
    }
    boolean isFloat = end > whole;
    if (!isFloat) {
      end = integerEnd(begin, whole);
    }
    offset = end;
    String digits = text.substring(begin, end).replace("_", "");
    add(isFloat ? TokenType.FLOAT : TokenType.INTEGER, digits, begin);
  }

  private int integerEnd(int begin, int whole) {
    if (text.charAt(begin) != '0') {
      return whole;
    }
    int radix =
        switch (at(begin + 1)) {
          case 'x', 'X' -> 16;
          case 'o', 'O' -> 8;
          case 'b', 'B' -> 2;
          default -> 0;
        };
    int first = begin + 2 + (at(begin + 2) == '_' ? 1 : 0);
    if (radix != 0 && Character.digit(at(first), radix) >= 0) {
      return digits(first, radix);
    }
    int zeros = begin + 1;
    while (at(zeros) == '0' || (at(zeros) == '_' && at(zeros + 1) == '0')) {
      zeros++;
    }
    return zeros;
  }

  /** The end of the digits at {@code begin}, which may have single underscores between them. */
  private int digits(int begin, int radix) {
    int end = begin;
    while (Character.digit(at(end), radix) >= 0
        || (at(end) == '_' && end > begin && Character.digit(at(end + 1), radix) >= 0)) {
      end++;
    }
    return end;
  }

  private void string() {
    int begin = offset;
    char quote = text.charAt(begin);
    int end = begin + 1;
    while (end < text.length() && text.charAt(end) != quote) {
      end += text.charAt(end) == '\\' ? 2 : 1;
    }
    if (end >= text.length()) {
      throw source.fault(begin, "the string that begins here has no end, expected " + quote);
    }
    offset = end + 1;
    add(TokenType.STRING, unescaped(begin + 1, end), begin);
  }

  private String unescaped(int begin, int end) {
    int backslash = text.indexOf('\\', begin);
    if (backslash < 0 || backslash >= end) {
      return text.substring(begin, end);
    }
    StringBuilder out = new StringBuilder(end - begin);
    int i = begin;
    while (i < end) {
      char c = text.charAt(i);
      if (c == '\\') {
        i = escape(i + 1, end, out);
      } else {
        out.append(c);
        i++;
      }
    }
    return out.toString();
  }

  /** Reads the escape whose letter is at {@code i}; gives the offset after it. */
  private int escape(int i, int end, StringBuilder out) {
    char letter = text.charAt(i);
    int simple = "\\'\"abfnrtv".indexOf(letter);
    if (simple >= 0) {
      out.append("\\'\"\u0007\b\f\n\r\t\u000b".charAt(simple));
      return i + 1;
    }
    return switch (letter) {
      case '\n' -> i + 1;
      case 'x' -> hexadecimal(i, end, 2, out);
      case 'u' -> hexadecimal(i, end, 4, out);
      case 'U' -> hexadecimal(i, end, 8, out);
      case 'N' -> named(i, end, out);
      case '0', '1', '2', '3', '4', '5', '6', '7' -> octal(i, end, out);
      default -> {
        out.append('\\').append(letter);
        yield i + 1;
      }
    };
  }

  private int hexadecimal(int i, int end, int length, StringBuilder out) {
    int codePoint = 0;
    for (int digit = 1; digit <= length; digit++) {
      int value = i + digit < end ? Character.digit(text.charAt(i + digit), 16) : -1;
      if (value < 0 || codePoint > Character.MAX_CODE_POINT >> 4) {
        throw source.fault(
            i - 1, "broken escape in a string, expected " + length + " hexadecimal digits");
      }
      codePoint = codePoint << 4 | value;
    }
    if (codePoint > Character.MAX_CODE_POINT) {
      throw source.fault(i - 1, "escape in a string names no character of Unicode");
    }
    out.appendCodePoint(codePoint);
    return i + 1 + length;
  }

  private int octal(int i, int end, StringBuilder out) {
    int codePoint = 0;
    int next = i;
    while (next < end && next < i + 3 && Character.digit(text.charAt(next), 8) >= 0) {
      codePoint = codePoint * 8 + Character.digit(text.charAt(next++), 8);
    }
    out.appendCodePoint(codePoint);
    return next;
  }

  private int named(int i, int end, StringBuilder out) {
    int close = text.indexOf('}', i);
    if (text.charAt(i + 1) != '{' || close < 0 || close >= end) {
      throw source.fault(i - 1, "broken escape in a string, expected \\N{name of a character}");
    }
    String name = text.substring(i + 2, close);
    try {
      out.appendCodePoint(Character.codePointOf(name));
    } catch (IllegalArgumentException unknown) {
      throw source.fault(i - 1, "no character of Unicode is named " + name);
    }
    return close + 1;
  }
}
