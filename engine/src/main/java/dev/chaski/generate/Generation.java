package dev.chaski.generate;

import java.util.List;

/**
 * A finished generation.
 *
 * @param text the answer, without what ended it
 * @param tokens its ids, the stop token included if there was one
 * @param logProbs one for each of the tokens, if they were asked for; empty otherwise
 * @param finishReason why it ended
 * @param statistics what it took
 */
public record Generation(
    String text,
    List<Integer> tokens,
    List<TokenLogProbs> logProbs,
    FinishReason finishReason,
    GenerationStatistics statistics) {
  /** Copies the lists. */
  public Generation {
    tokens = List.copyOf(tokens);
    logProbs = List.copyOf(logProbs);
  }
}
