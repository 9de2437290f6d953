package dev.chaski.tokenizer;

/** What {@link BpeTokenizer#split} cuts a text into. */
public sealed interface TextPart {
  /** Text without an added token. */
  record Plain(String text) implements TextPart {}

  /**
   * An added token.
   *
   * @param id of type {@link TokenType#USER_DEFINED}, {@link TokenType#CONTROL} or {@link
   *     TokenType#UNKNOWN}
   * @param spelling how the text has it
   */
  record Added(int id, String spelling) implements TextPart {}
}
