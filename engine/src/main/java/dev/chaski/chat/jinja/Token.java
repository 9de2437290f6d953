package dev.chaski.chat.jinja;

/**
 * A token of a template.
 *
 * @param text the text outside of tags, the name, the digits or the unescaped string
 * @param offset where it begins in the source
 */
record Token(TokenType type, String text, int offset) {
  boolean isName(String name) {
    return type == TokenType.NAME && text.equals(name);
  }

  boolean isOperator(String operator) {
    return type == TokenType.OPERATOR && text.equals(operator);
  }

  /** For error messages. */
  String description() {
    return switch (type) {
      case NAME, OPERATOR, INTEGER, FLOAT -> "'" + text + "'";
      case DATA, BLOCK_BEGIN, BLOCK_END, OUTPUT_BEGIN, OUTPUT_END, STRING, END ->
          type.description();
    };
  }
}
