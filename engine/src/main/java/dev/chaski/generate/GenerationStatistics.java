package dev.chaski.generate;

import java.time.Duration;

/**
 * What a generation took.
 *
 * @param promptTokens tokens of the prompt
 * @param cachedTokens how many of them were still in the cache and not computed again
 * @param generatedTokens tokens of the answer, the stop token included
 * @param draftedTokens tokens that were guessed and computed ahead, see {@link Speculation}
 * @param acceptedTokens how many of them the answer went on with: each saved a pass
 * @param promptTime from the start to the logits of the first answer token
 * @param generationTime from there to the end
 */
public record GenerationStatistics(
    int promptTokens,
    int cachedTokens,
    int generatedTokens,
    int draftedTokens,
    int acceptedTokens,
    Duration promptTime,
    Duration generationTime) {

  /** Prompt tokens computed in a second. */
  public double promptTokensPerSecond() {
    return perSecond(promptTokens - cachedTokens, promptTime);
  }

  /** Answer tokens in a second, but for the first, whose logits came with the prompt's. */
  public double generatedTokensPerSecond() {
    return perSecond(Math.max(0, generatedTokens - 1), generationTime);
  }

  private static double perSecond(int tokens, Duration time) {
    return time.isZero() ? 0 : tokens / (time.toNanos() * 1e-9);
  }
}
