package dev.chaski.tokenizer;

/** What {@link BpeTokenizer#encode(String, SpecialTokens)} does with names of special tokens. */
public enum SpecialTokens {
  /** {@code <|eot_id|>} in the text is nine plain characters. For everything a user wrote. */
  AS_TEXT,
  /** {@code <|eot_id|>} in the text becomes its id. Only for text that a template has rendered. */
  PARSE,
  /**
   * As {@link #AS_TEXT}, and {@link TokenType#USER_DEFINED} tokens are plain characters too. For
   * what is left between the tokens that {@link BpeTokenizer#split} has found.
   */
  NONE
}
