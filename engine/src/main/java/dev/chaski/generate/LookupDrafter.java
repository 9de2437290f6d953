package dev.chaski.generate;

import dev.chaski.tokenizer.TokenBuffer;

/**
 * Guesses that the text goes on as it did where its last tokens stood before. Source: Saxena,
 * "Prompt Lookup Decoding" (2023).
 */
final class LookupDrafter implements Drafter {
  /** Tokens that have to be the same: as many as possible, from the first number down. */
  private static final int LONGEST = 3;

  private static final int SHORTEST = 2;

  private static final int[] NO_GUESS = {};

  @Override
  public int[] draft(TokenBuffer text, int max, Cancellation cancellation) {
    for (int length = LONGEST; length >= SHORTEST; length--) {
      int after = endOfLastOccurrence(text, length);
      if (after >= 0) {
        return continuation(text, after, max);
      }
    }
    return NO_GUESS;
  }

  /** Where the last {@code length} tokens stood before, last; or -1. */
  private static int endOfLastOccurrence(TokenBuffer text, int length) {
    int size = text.size();
    for (int end = size - 1; end >= length; end--) {
      int same = 0;
      while (same < length && text.get(end - 1 - same) == text.get(size - 1 - same)) {
        same++;
      }
      if (same == length) {
        return end;
      }
    }
    return -1;
  }

  /** What came then; where that is the end of the text, it goes on with the guess. */
  private static int[] continuation(TokenBuffer text, int from, int count) {
    int[] draft = new int[count];
    for (int i = 0; i < count; i++) {
      int at = from + i;
      draft[i] = at < text.size() ? text.get(at) : draft[at - text.size()];
    }
    return draft;
  }

  @Override
  public void close() {}
}
