package dev.chaski.chat.jinja;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * Cuts a template into tokens and settles its white space: {@code trim_blocks} (the newline after a
 * block or comment tag goes) and {@code lstrip_blocks} (blanks before one at the start of a line
 * go), {@code -} and {@code +} beside a tag's brackets. What stands inside a tag is left to {@link
 * TagLexer}.
 */
final class Lexer {
  private final Source source;
  private final String text;
  private final List<Token> tokens = new ArrayList<>();
  private int offset;

  /** Whether what was read last ended a line, so that blanks now are at the start of one. */
  private boolean lineStarts = true;

  private Lexer(Source source) {
    this.source = source;
    this.text = source.text();
  }

  static List<Token> tokens(Source source) {
    Lexer lexer = new Lexer(source);
    lexer.run();
    return lexer.tokens;
  }

  private void run() {
    for (int open = nextTag(0); open >= 0; open = nextTag(offset)) {
      switch (text.charAt(open + 1)) {
        case '#' -> {
          data(open, true);
          comment(open);
        }
        case '{' -> {
          data(open, false);
          tag(open, TokenType.OUTPUT_BEGIN, TokenType.OUTPUT_END);
        }
        default -> {
          data(open, true);
          if (!raw(open)) {
            tag(open, TokenType.BLOCK_BEGIN, TokenType.BLOCK_END);
          }
        }
      }
    }
    addData(offset, text.length());
    tokens.add(new Token(TokenType.END, "", text.length()));
  }

  private int nextTag(int from) {
    int brace = text.indexOf('{', from);
    while (brace >= 0) {
      if (brace + 1 < text.length() && "%{#".indexOf(text.charAt(brace + 1)) >= 0) {
        return brace;
      }
      brace = text.indexOf('{', brace + 1);
    }
    return -1;
  }

  private char at(int position) {
    return position < text.length() ? text.charAt(position) : 0;
  }

  private boolean hasSign(int position) {
    return at(position) == '-' || at(position) == '+';
  }

  /** The text up to a tag at {@code open}, less the white space that the tag takes away. */
  private void data(int open, boolean stripsBlanks) {
    int end = open;
    if (at(open + 2) == '-') {
      end = withoutSpace(open);
    } else if (at(open + 2) != '+' && stripsBlanks) {
      end = withoutBlanks(open);
    }
    addData(offset, end);
  }

  private int withoutSpace(int end) {
    int stripped = end;
    while (stripped > offset && PythonText.isSpace(text.charAt(stripped - 1))) {
      stripped--;
    }
    return stripped;
  }

  /** Where the line of {@code end} starts, if nothing but blanks is between; else {@code end}. */
  private int withoutBlanks(int end) {
    int start = end;
    while (start > offset && text.charAt(start - 1) != '\n') {
      if (!PythonText.isSpace(text.charAt(start - 1))) {
        return end;
      }
      start--;
    }
    boolean atLineStart = start > offset || lineStarts;
    return atLineStart ? start : end;
  }

  private void addData(int begin, int end) {
    if (begin < end) {
      tokens.add(new Token(TokenType.DATA, text.substring(begin, end), begin));
    }
  }

  private void comment(int open) {
    int content = open + 2 + (hasSign(open + 2) ? 1 : 0);
    int close = text.indexOf("#}", content);
    if (close < 0) {
      throw source.fault(open, "the comment that begins here has no end, expected '#}'");
    }
    char sign = close > content ? text.charAt(close - 1) : 0;
    after(close + 2, sign, true);
  }

  /** Goes on after the end of a tag that has {@code sign} before its closing bracket. */
  private void after(int end, char sign, boolean trimsNewline) {
    offset = end;
    if (sign == '-') {
      while (offset < text.length() && PythonText.isSpace(text.charAt(offset))) {
        offset++;
      }
    } else if (sign != '+' && trimsNewline && at(offset) == '\n') {
      offset++;
    }
    lineStarts = offset > 0 && text.charAt(offset - 1) == '\n';
  }

  /** Reads {@code {% raw %} ... {% endraw %}} if that is what begins at {@code open}. */
  private boolean raw(int open) {
    int end = keywordTagEnd(open, "raw");
    if (end < 0 || at(end - 3) == '+') {
      return false;
    }
    after(end, at(end - 3), false);
    for (int brace = text.indexOf("{%", offset); brace >= 0; ) {
      end = keywordTagEnd(brace, "endraw");
      if (end >= 0) {
        data(brace, true);
        after(end, at(end - 3), true);
        return true;
      }
      brace = text.indexOf("{%", brace + 1);
    }
    throw source.fault(open, "the raw block that begins here has no end, expected '{% endraw %}'");
  }

  /** The end of a tag at {@code open} that holds {@code keyword} and nothing else, or -1. */
  private int keywordTagEnd(int open, String keyword) {
    int position = skipSpace(open + 2 + (hasSign(open + 2) ? 1 : 0));
    if (!text.startsWith(keyword, position)) {
      return -1;
    }
    position = skipSpace(position + keyword.length());
    position += hasSign(position) ? 1 : 0;
    return text.startsWith("%}", position) ? position + 2 : -1;
  }

  private int skipSpace(int from) {
    int position = from;
    while (position < text.length() && PythonText.isSpace(text.charAt(position))) {
      position++;
    }
    return position;
  }

  private void tag(int open, TokenType begin, TokenType end) {
    tokens.add(new Token(begin, "", open));
    TagLexer lexer = new TagLexer(source, open + 2 + (hasSign(open + 2) ? 1 : 0), tokens);
    boolean isBlock = end == TokenType.BLOCK_END;
    Deque<Character> expected = new ArrayDeque<>();
    while (true) {
      lexer.skipSpace();
      int position = lexer.offset();
      if (expected.isEmpty()) {
        char sign = at(position) == '-' || (isBlock && at(position) == '+') ? at(position) : 0;
        int close = position + (sign == 0 ? 0 : 1);
        if (text.startsWith(isBlock ? "%}" : "}}", close)) {
          tokens.add(new Token(end, "", position));
          after(close + 2, sign, isBlock);
          return;
        }
      }
      if (position >= text.length()) {
        throw source.fault(
            open, "the tag that begins here has no end, expected " + end.description());
      }
      lexer.next();
      balance(tokens.getLast(), expected);
    }
  }

  /** Tag ends count only outside of brackets, for {@code }}} may end two dicts as well. */
  private void balance(Token token, Deque<Character> expected) {
    if (token.type() != TokenType.OPERATOR) {
      return;
    }
    char bracket = token.text().charAt(0);
    switch (bracket) {
      case '(' -> expected.push(')');
      case '[' -> expected.push(']');
      case '{' -> expected.push('}');
      case ')', ']', '}' -> {
        if (expected.isEmpty() || expected.pop() != bracket) {
          throw source.fault(
              token.offset(), "found " + token.description() + " that closes nothing");
        }
      }
      default -> {}
    }
  }
}
