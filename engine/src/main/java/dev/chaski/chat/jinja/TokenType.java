package dev.chaski.chat.jinja;

/** The kinds of {@link Token}. */
enum TokenType {
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

  TokenType(String description) {
    this.description = description;
  }

  /** For error messages. */
  String description() {
    return description;
  }
}
