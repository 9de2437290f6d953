package dev.chaski.chat.jinja;

/** How tightly operators bind: the higher, the tighter. */
final class Precedence {
  /** No operator at all. */
  static final int NONE = 0;

  static final int OR = 1;
  static final int AND = 2;
  static final int NOT = 3;
  static final int COMPARE = 4;
  static final int ADD = 5;
  static final int CONCATENATE = 6;
  static final int MULTIPLY = 7;
  static final int POWER = 8;

  private Precedence() {}

  /** The precedence of a binary operator; {@code next} is the token after it. */
  static int of(Token operator, Token next) {
    return switch (operator.type()) {
      case NAME -> ofName(operator.text(), next);
      case OPERATOR -> ofSymbol(operator.text());
      case DATA, BLOCK_BEGIN, BLOCK_END, OUTPUT_BEGIN, OUTPUT_END, STRING, INTEGER, FLOAT, END ->
          NONE;
    };
  }

  private static int ofName(String name, Token next) {
    return switch (name) {
      case "or" -> OR;
      case "and" -> AND;
      case "in" -> COMPARE;
      case "not" -> next.isName("in") ? COMPARE : NONE;
      default -> NONE;
    };
  }

  private static int ofSymbol(String symbol) {
    return switch (symbol) {
      case "==", "!=", "<", "<=", ">", ">=" -> COMPARE;
      case "+", "-" -> ADD;
      case "~" -> CONCATENATE;
      case "*", "/", "//", "%" -> MULTIPLY;
      case "**" -> POWER;
      default -> NONE;
    };
  }
}
