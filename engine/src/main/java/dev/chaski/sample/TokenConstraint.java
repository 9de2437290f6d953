package dev.chaski.sample;

/**
 * Decides which tokens may come next: the seam for grammar- and schema-guided decoding.
 *
 * <p>A {@link Sampler} asks {@link #mask} before each token, ahead of bias, penalties and filters,
 * and reports every token generated through {@link #accept}. Prompt tokens are not reported.
 * Implementations carry the state of one generation and need not be thread-safe.
 */
public interface TokenConstraint {

  /**
   * Clears the bits of the tokens that may not come next.
   *
   * <p>Token {@code i} is bit {@code i % 64} of {@code allowed[i / 64]}, as in {@link
   * java.util.BitSet#toLongArray()}. All bits are set on entry, so several constraints can be
   * applied to one bitmap after another; bits beyond the vocabulary are ignored.
   *
   * @param allowed the bitmap, {@code ceil(vocabSize / 64)} words; not to be kept after the call
   * @return false if nothing was cleared, which saves the sampler from looking at the bitmap
   */
  boolean mask(long[] allowed);

  /**
   * Moves on by one generated token.
   *
   * @param token the token, one that the last mask allowed unless the caller chose it himself
   * @throws IllegalArgumentException if the token cannot come next
   */
  void accept(int token);

  /** Goes back to the state before the first token. */
  void reset();
}
