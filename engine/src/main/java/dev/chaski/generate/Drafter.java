package dev.chaski.generate;

import dev.chaski.tokenizer.TokenBuffer;

/** Guesses how a text goes on. */
interface Drafter extends AutoCloseable {
  /**
   * The next tokens, as far as there is a guess.
   *
   * @param text prompt and answer so far
   * @param max tokens at most, at least 1
   */
  int[] draft(TokenBuffer text, int max, Cancellation cancellation);

  @Override
  void close();
}
