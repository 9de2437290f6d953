package dev.chaski.generate;

import java.util.List;

/**
 * A finished generation.
 *
 * @param text the answer, without what ended it
 * @param tokens its ids, the stop token included if there was one
 * @param finishReason why it ended
 * @param statistics what it took
 */
public record Generation(
    String text, List<Integer> tokens, FinishReason finishReason, GenerationStatistics statistics) {
  /** Copies the list. */
  public Generation {
    tokens = List.copyOf(tokens);
  }
}
