package dev.chaski.tokenizer;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Reads JSON (RFC 8259) in UTF-8, token by token, strict about both. The text of a token stays
 * bytes, so that a vocabulary makes no strings, and methods are small: a process that starts runs
 * them interpreted first, and short methods are soon compiled.
 */
final class JsonBytes {
  /** What {@link #next} finds. */
  enum Token {
    /** With its members to follow. */
    START_OBJECT("an object"),
    END_OBJECT("the end of the object"),
    /** With its elements to follow. */
    START_ARRAY("an array"),
    END_ARRAY("the end of the array"),
    /** Of a member; its value follows. */
    NAME("a name"),
    STRING("a string"),
    NUMBER("a number"),
    TRUE("true"),
    FALSE("false"),
    NULL("null"),
    /** Nothing follows. */
    END("the end of the document");

    private final String description;

    Token(String description) {
      this.description = description;
    }

    /** For an error message. */
    String description() {
      return description;
    }
  }

  private static final int MAX_NESTING = 64;
  private static final int MAX_NUMBER_LENGTH = 1000;

  private final byte[] json;
  private final int end;
  private final boolean[] isObject = new boolean[MAX_NESTING + 1]; // by depth
  private int depth;
  private int at;
  private Token token; // the last one; null before the first
  private byte[] text; // of the last name, string or number: [textStart, textEnd)
  private int textStart;
  private int textEnd;
  private byte[] unescaped = new byte[64];

  /** A document; it may begin with a byte order mark. */
  JsonBytes(byte[] json) {
    this.json = json;
    end = json.length;
    boolean marked =
        end >= 3 && json[0] == (byte) 0xEF && json[1] == (byte) 0xBB && json[2] == (byte) 0xBF;
    at = marked ? 3 : 0;
  }

  /** The last token. */
  Token token() {
    return token;
  }

  /** What holds the text of the last name, string or number. */
  byte[] text() {
    return text;
  }

  int textStart() {
    return textStart;
  }

  int textEnd() {
    return textEnd;
  }

  /** The text of the last name, string or number. */
  String textAsString() {
    return Utf8.text(text, textStart, textEnd);
  }

  /** Whether the last number is written without fraction and exponent. */
  boolean isInteger() {
    for (int i = textStart; i < textEnd; i++) {
      byte b = text[i];
      if (b == '.' || b == 'e' || b == 'E') {
        return false;
      }
    }
    return true;
  }

  /**
   * Goes to the next token.
   *
   * @throws TokenizerFormatException if the document is not UTF-8 or not JSON, naming the place
   */
  Token next() throws TokenizerFormatException {
    byte b = skipSpace();
    if (token == Token.NAME) {
      token = memberValue(b);
    } else if (depth > 0) {
      token = isObject[depth] ? nextMember(b) : nextElement(b);
    } else if (at == end) {
      token = Token.END;
    } else if (token == null) {
      token = value(b);
    } else {
      throw unexpected("nothing behind the end of the JSON value");
    }
    return token;
  }

  /** Goes to the end of an object or array that has just begun. */
  void skipChildren() throws TokenizerFormatException {
    if (token == Token.START_OBJECT || token == Token.START_ARRAY) {
      int outer = depth - 1;
      while (depth > outer) {
        next();
      }
    }
  }

  private Token memberValue(byte b) throws TokenizerFormatException {
    if (b != ':') {
      throw unexpected("a colon");
    }
    at++;
    return value(skipSpace());
  }

  private Token nextMember(byte b) throws TokenizerFormatException {
    if (b == '}') {
      return close(Token.END_OBJECT);
    }
    if (comma(b) != '"') {
      throw unexpected("a name in quotes");
    }
    at++;
    string();
    return Token.NAME;
  }

  private Token nextElement(byte b) throws TokenizerFormatException {
    return b == ']' ? close(Token.END_ARRAY) : value(comma(b));
  }

  /** Passes over the comma before all children but the first; returns the byte that follows. */
  private byte comma(byte b) throws TokenizerFormatException {
    if (token == Token.START_OBJECT || token == Token.START_ARRAY) {
      return b;
    }
    if (b != ',') {
      throw unexpected("a comma or the end of the " + (isObject[depth] ? "object" : "array"));
    }
    at++;
    return skipSpace();
  }

  private Token close(Token ended) {
    at++;
    depth--;
    return ended;
  }

  private Token value(byte b) throws TokenizerFormatException {
    return switch (b) {
      case '"' -> {
        at++;
        string();
        yield Token.STRING;
      }
      case '{' -> open(true);
      case '[' -> open(false);
      case 't' -> literal("true", Token.TRUE);
      case 'f' -> literal("false", Token.FALSE);
      case 'n' -> literal("null", Token.NULL);
      case '-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9' -> number();
      default -> throw unexpected("a value");
    };
  }

  private Token open(boolean object) throws TokenizerFormatException {
    if (depth == MAX_NESTING) {
      throw fault("the nesting is deeper than %d levels".formatted(MAX_NESTING));
    }
    at++;
    depth++;
    isObject[depth] = object;
    return object ? Token.START_OBJECT : Token.START_ARRAY;
  }

  private Token literal(String word, Token meaning) throws TokenizerFormatException {
    for (int i = 0; i < word.length(); i++) {
      if (peek() != word.charAt(i)) {
        throw unexpected(word);
      }
      at++;
    }
    return meaning;
  }

  private Token number() throws TokenizerFormatException {
    int start = at;
    if (peek() == '-') {
      at++;
    }
    if (peek() == '0') {
      at++;
    } else {
      digits();
    }
    if (peek() == '.') {
      at++;
      digits();
    }
    if (peek() == 'e' || peek() == 'E') {
      at++;
      if (peek() == '+' || peek() == '-') {
        at++;
      }
      digits();
    }
    if (at - start > MAX_NUMBER_LENGTH) {
      throw fault("a number of more than %,d characters".formatted(MAX_NUMBER_LENGTH));
    }
    setText(json, start, at);
    return Token.NUMBER;
  }

  private void digits() throws TokenizerFormatException {
    int start = at;
    while (peek() >= '0' && peek() <= '9') {
      at++;
    }
    if (at == start) {
      throw unexpected("a digit");
    }
  }

  /** Reads a string, from behind its first quote. */
  private void string() throws TokenizerFormatException {
    int start = at;
    int i = plain(start);
    at = i + 1;
    if (json[i] == '"') {
      setText(json, start, i);
    } else {
      unescape(start, i);
    }
  }

  /** Where the quote or backslash is that ends a run of plain characters. */
  private int plain(int from) throws TokenizerFormatException {
    int i = from;
    while (i < end) {
      byte b = json[i];
      if (b == '"' || b == '\\') {
        return i;
      }
      i += b >= ' ' ? 1 : lengthOfOther(i);
    }
    at = end;
    throw unexpected("a quote that ends the string");
  }

  /** The length of a character beyond ASCII; there must be nothing else. */
  private int lengthOfOther(int i) throws TokenizerFormatException {
    int length = Utf8.checkedLength(json, i, end);
    if (json[i] >= 0 || length == 0) {
      at = i;
      throw unexpected("no control character in a string");
    }
    return length;
  }

  /** Reads the rest of a string with escapes, the first of which is at {@code backslash}. */
  private void unescape(int start, int backslash) throws TokenizerFormatException {
    int length = copy(start, backslash, 0);
    while (true) {
      length = copyEscaped(length);
      int from = at;
      int i = plain(from);
      at = i + 1;
      length = copy(from, i, length);
      if (json[i] == '"') {
        setText(unescaped, 0, length);
        return;
      }
    }
  }

  /** Appends {@code json[from, to)} to what is unescaped so far; returns the new length. */
  private int copy(int from, int to, int length) {
    int newLength = length + to - from;
    if (newLength + 4 > unescaped.length) { // with room for one more character
      unescaped = Arrays.copyOf(unescaped, 2 * newLength + 4);
    }
    System.arraycopy(json, from, unescaped, length, to - from);
    return newLength;
  }

  /** Appends what stands behind a backslash; there is room for it. */
  private int copyEscaped(int length) throws TokenizerFormatException {
    byte b = peek();
    int character =
        switch (b) {
          case '"', '\\', '/' -> b;
          case 'b' -> '\b';
          case 'f' -> '\f';
          case 'n' -> '\n';
          case 'r' -> '\r';
          case 't' -> '\t';
          case 'u' -> -1;
          default -> throw unexpected("one of \"\\/bfnrtu behind a backslash");
        };
    at++;
    return Utf8.write(character < 0 ? escapedCodePoint() : character, unescaped, length);
  }

  private int escapedCodePoint() throws TokenizerFormatException {
    int start = at;
    char first = hex4();
    if (!Character.isSurrogate(first)) {
      return first;
    }
    if (Character.isHighSurrogate(first) && peek() == '\\') {
      at++;
      if (peek() == 'u') {
        at++;
        char second = hex4();
        if (Character.isLowSurrogate(second)) {
          return Character.toCodePoint(first, second);
        }
      }
    }
    at = start;
    throw fault("\\u%04x is half of a surrogate pair without the other".formatted((int) first));
  }

  private char hex4() throws TokenizerFormatException {
    int value = 0;
    for (int i = 0; i < 4; i++) {
      int digit = Character.digit(peek(), 16); // -1 for all but ASCII: a byte is no other digit
      if (digit < 0) {
        throw unexpected("four hexadecimal digits behind \\u");
      }
      value = value << 4 | digit;
      at++;
    }
    return (char) value;
  }

  private void setText(byte[] bytes, int start, int end) {
    text = bytes;
    textStart = start;
    textEnd = end;
  }

  /** The next byte, or 0 at the end. */
  private byte peek() {
    return at < end ? json[at] : 0;
  }

  /** The next byte that is not white space, or 0 at the end. */
  private byte skipSpace() {
    int i = at;
    while (i < end && (json[i] == ' ' || json[i] == '\n' || json[i] == '\r' || json[i] == '\t')) {
      i++;
    }
    at = i;
    return i < end ? json[i] : 0;
  }

  private TokenizerFormatException unexpected(String expected) {
    String found;
    if (at == end) {
      found = Token.END.description();
    } else {
      byte b = json[at];
      found = b > ' ' && b < 0x7F ? "'" + (char) b + "'" : "byte 0x%02X".formatted(b & 0xFF);
    }
    return fault("found " + found + " instead of " + expected);
  }

  /** What is wrong here; or the first byte that is not UTF-8, if there is one. */
  private TokenizerFormatException fault(String reason) {
    ByteBuffer in = ByteBuffer.wrap(json);
    CoderResult result =
        StandardCharsets.UTF_8.newDecoder().decode(in, CharBuffer.allocate(end), true);
    if (result.isError()) {
      int wrong = in.position();
      return new TokenizerFormatException(
          "byte " + wrong,
          "0x%02x cannot stand here; expected a JSON object in UTF-8"
              .formatted(json[wrong] & 0xFF));
    }
    int line = 1;
    int lineStart = 0;
    for (int i = 0; i < at; i++) {
      if (json[i] == '\n') {
        line++;
        lineStart = i + 1;
      }
    }
    int column = 1 + Utf8.text(json, lineStart, at).length();
    return new TokenizerFormatException(
        "line %d, column %d".formatted(line, column), reason + "; expected well-formed JSON");
  }

  /** The line of the last token, from 1. */
  int line() {
    int line = 1;
    for (int i = 0; i < at; i++) {
      line += json[i] == '\n' ? 1 : 0;
    }
    return line;
  }
}
