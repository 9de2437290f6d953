package dev.chaski.chat.tool;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads a value as models write it: JSON, or a Python literal (single quotes, {@code True}, {@code
 * None}, commas before closing brackets, line breaks in strings). At the end of the text missing
 * closing brackets are forgiven on demand. What is ambiguous is refused, not guessed.
 */
final class LooseJson {
  /** The text is no such value. */
  static final class NotJsonException extends Exception {
    private static final long serialVersionUID = 1L;

    NotJsonException(String reason, int at) {
      super(reason + " at " + at);
    }
  }

  private static final int MAX_NESTING = 64;

  private final String text;
  private final boolean mayBeCut;
  private int at;
  private int depth;

  /**
   * A reader that starts at {@code from}.
   *
   * @param mayBeCut whether brackets may be left open at the end of the text
   */
  LooseJson(String text, int from, boolean mayBeCut) {
    this.text = text;
    this.at = from;
    this.mayBeCut = mayBeCut;
  }

  /** Where the reader is: behind the last value. */
  int position() {
    return at;
  }

  /** Skips white space and these characters, and answers whether there is text left. */
  boolean skip(String characters) {
    while (at < text.length()
        && (Character.isWhitespace(text.charAt(at)) || characters.indexOf(text.charAt(at)) >= 0)) {
      at++;
    }
    return at < text.length();
  }

  /** Takes {@code expected} after white space, if it is there. */
  boolean take(char expected) {
    if (skip("") && text.charAt(at) == expected) {
      at++;
      return true;
    }
    return false;
  }

  /** A Python name, or an empty string. */
  String name() {
    skip("");
    int start = at;
    while (at < text.length() && Character.isJavaIdentifierPart(text.charAt(at))) {
      at++;
    }
    return text.substring(start, at);
  }

  /** The next value: map, list, string, number, boolean or null. */
  Object value() throws NotJsonException {
    if (!skip("")) {
      throw fault("the text ends where a value should be");
    }
    return switch (text.charAt(at)) {
      case '{' -> object();
      case '[' -> array();
      case '"', '\'' -> string();
      case '-', '+', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9' -> number();
      default -> word();
    };
  }

  private Map<String, Object> object() throws NotJsonException {
    enter();
    Map<String, Object> object = new LinkedHashMap<>();
    while (!closes('}')) {
      String key = isQuote() ? string() : name();
      if (key.isEmpty() || !take(':')) {
        throw fault("a key and a colon should be here");
      }
      object.put(key, value());
      separator('}');
    }
    depth--;
    return object;
  }

  private List<Object> array() throws NotJsonException {
    enter();
    List<Object> array = new ArrayList<>();
    while (!closes(']')) {
      array.add(value());
      separator(']');
    }
    depth--;
    return array;
  }

  private void enter() throws NotJsonException {
    at++;
    if (++depth > MAX_NESTING) {
      throw fault("values are nested deeper than " + MAX_NESTING);
    }
  }

  private boolean closes(char bracket) {
    return take(bracket) || (mayBeCut && at == text.length());
  }

  private void separator(char bracket) throws NotJsonException {
    boolean end = !skip("");
    if (!take(',') && !(end && mayBeCut) && (end || text.charAt(at) != bracket)) {
      throw fault("a comma or " + bracket + " should be here");
    }
  }

  private boolean isQuote() {
    return skip("") && (text.charAt(at) == '"' || text.charAt(at) == '\'');
  }

  private String string() throws NotJsonException {
    char quote = text.charAt(at++);
    StringBuilder string = new StringBuilder();
    while (at < text.length()) {
      char c = text.charAt(at++);
      if (c == '\\') {
        escape(string);
      } else if (c == quote && (quote == '"' || isEndOfString())) {
        return string.toString();
      } else {
        string.append(c);
      }
    }
    throw fault("a string has no end");
  }

  /** An apostrophe within a word is not the end: models forget to escape it. */
  private boolean isEndOfString() {
    int next = at;
    while (next < text.length() && Character.isWhitespace(text.charAt(next))) {
      next++;
    }
    return next == text.length() || ",:}])".indexOf(text.charAt(next)) >= 0;
  }

  private void escape(StringBuilder string) throws NotJsonException {
    if (at == text.length()) {
      throw fault("a string has no end");
    }
    char c = text.charAt(at++);
    switch (c) {
      case 'n' -> string.append('\n');
      case 't' -> string.append('\t');
      case 'r' -> string.append('\r');
      case 'b' -> string.append('\b');
      case 'f' -> string.append('\f');
      case 'u' -> string.append((char) hex(4));
      case 'x' -> string.append((char) hex(2));
      case '"', '\'', '\\', '/' -> string.append(c);
      default -> string.append('\\').append(c);
    }
  }

  private int hex(int digits) throws NotJsonException {
    int end = at + digits;
    int code = 0;
    while (at < end) {
      int digit = at < text.length() ? Character.digit(text.charAt(at), 16) : -1;
      if (digit < 0) {
        throw fault("a hexadecimal digit should be here");
      }
      code = 16 * code + digit;
      at++;
    }
    return code;
  }

  private Number number() throws NotJsonException {
    int start = at;
    while (at < text.length() && "+-.eE0123456789".indexOf(text.charAt(at)) >= 0) {
      at++;
    }
    String digits = text.substring(start, at);
    try {
      if (digits.matches("[+-]?[0-9]{1,400}")) {
        return smallest(new BigInteger(digits));
      }
      double number = Double.parseDouble(digits);
      if (Double.isFinite(number)) {
        return number;
      }
    } catch (NumberFormatException _) {
      // told below
    }
    throw fault("no number: " + digits);
  }

  private static Number smallest(BigInteger number) {
    if (number.bitLength() < Integer.SIZE) {
      return number.intValue();
    }
    return number.bitLength() < Long.SIZE ? (Number) number.longValue() : number;
  }

  private Object word() throws NotJsonException {
    String word = name();
    return switch (word) {
      case "true", "True" -> true;
      case "false", "False" -> false;
      case "null", "None" -> null;
      default -> throw fault("no value: " + word);
    };
  }

  private NotJsonException fault(String reason) {
    return new NotJsonException(reason, at);
  }
}
