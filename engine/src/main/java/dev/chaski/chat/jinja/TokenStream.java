package dev.chaski.chat.jinja;

import dev.chaski.chat.jinja.TemplateLimitException.Limit;
import java.util.List;

/** The tokens of a template, read from the first to the last; knows how deep the parser is. */
final class TokenStream {
  private final Source source;
  private final List<Token> tokens;
  private int position;
  private int nesting;

  TokenStream(Source source) {
    this.source = source;
    this.tokens = Lexer.tokens(source);
  }

  Token current() {
    return tokens.get(position);
  }

  /** The token after the current one. */
  Token look() {
    return tokens.get(Math.min(position + 1, tokens.size() - 1));
  }

  /** The current token, which is left behind; the last token stays. */
  Token next() {
    Token token = current();
    position += token.type() == TokenType.END ? 0 : 1;
    return token;
  }

  int line() {
    return source.line(current().offset());
  }

  boolean isAt(TokenType type) {
    return current().type() == type;
  }

  boolean isAtName(String name) {
    return current().isName(name);
  }

  boolean isAtOperator(String operator) {
    return current().isOperator(operator);
  }

  /** Leaves the current token behind if it is this name. */
  boolean skipName(String name) {
    boolean there = isAtName(name);
    position += there ? 1 : 0;
    return there;
  }

  /** Leaves the current token behind if it is this operator. */
  boolean skipOperator(String operator) {
    boolean there = isAtOperator(operator);
    position += there ? 1 : 0;
    return there;
  }

  void expectOperator(String operator) {
    if (!skipOperator(operator)) {
      throw unexpected("'" + operator + "'");
    }
  }

  void expectName(String name) {
    if (!skipName(name)) {
      throw unexpected("'" + name + "'");
    }
  }

  Token expect(TokenType type) {
    if (!isAt(type)) {
      throw unexpected(type.description());
    }
    return next();
  }

  /** The fault of finding the current token where {@code expected} should be. */
  TemplateSyntaxException unexpected(String expected) {
    return fault("found " + current().description() + ", expected " + expected);
  }

  /** A fault at the current token. */
  TemplateSyntaxException fault(String reason) {
    return fault(current(), reason);
  }

  /** A fault at a token. */
  TemplateSyntaxException fault(Token token, String reason) {
    return source.fault(token.offset(), reason);
  }

  /** One level deeper into expressions or statements; needs no {@code finally}. */
  void enter() {
    if (++nesting > JinjaTemplate.MAX_NESTING) {
      throw new TemplateLimitException(Limit.DEPTH, JinjaTemplate.MAX_NESTING);
    }
  }

  void leave() {
    nesting--;
  }
}
