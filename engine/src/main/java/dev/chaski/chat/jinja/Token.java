package dev.chaski.chat.jinja;

/**
 * A token of a template.
 *
 * @param text the text outside of tags, the name, the digits or the unescaped string
 * @param offset where it begins in the source
 */
record Token(Type type, String text, int offset) {
  /** The kinds of token. */
  enum Type {
    DATA("text"),
    BLOCK_BEGIN("'{%'"),
    BLOCK_END("'%}'"),
    OUTPUT_BEGIN("'{{'"),
    OUTPUT_END("'}}'"),
    NAME("a name"),
    STRING("a string"),
    INTEGER("an integer"),
    FLOAT("a number"),
    OPERATOR("an operator"),
    END("the end of the template");

    private final String description;

    Type(String description) {
      this.description = description;
    }

    /** For error messages. */
    String description() {
      return description;
    }
  }

  boolean isName(String name) {
    return type == Type.NAME && text.equals(name);
  }

  boolean isOperator(String operator) {
    return type == Type.OPERATOR && text.equals(operator);
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
