package dev.chaski.model;

import dev.chaski.kernels.RopePairing;

/**
 * The numbers that make a Llama model.
 *
 * @param hiddenSize values of a token's state
 * @param intermediateSize values inside the feed-forward block
 * @param numLayers transformer blocks
 * @param numHeads query heads
 * @param numKvHeads key/value heads, a divisor of {@code numHeads}
 * @param headDim values of a head; even
 * @param vocabSize rows of the output
 * @param contextLength positions the model was made for
 * @param rmsNormEps added to the mean square in every norm
 * @param ropeTheta base of the rotation frequencies
 * @param ropeScaling how frequencies are changed for long contexts
 * @param ropePairing which values of a head rotate together, a matter of how the weights are stored
 */
public record LlamaConfig(
    int hiddenSize,
    int intermediateSize,
    int numLayers,
    int numHeads,
    int numKvHeads,
    int headDim,
    int vocabSize,
    int contextLength,
    float rmsNormEps,
    double ropeTheta,
    RopeScaling ropeScaling,
    RopePairing ropePairing) {

  /** The largest of any size here: far above 405B, far below what could overflow. */
  public static final int MAX_SIZE = 1 << 24;

  private static final int MAX_LAYERS = 4096;

  /**
   * Checks that the numbers are possible and fit together.
   *
   * @throws IllegalArgumentException naming the number, what it is and what it must be
   */
  public LlamaConfig {
    requireSize("hiddenSize", hiddenSize, MAX_SIZE);
    requireSize("intermediateSize", intermediateSize, MAX_SIZE);
    requireSize("numLayers", numLayers, MAX_LAYERS);
    requireSize("numHeads", numHeads, MAX_SIZE);
    requireSize("numKvHeads", numKvHeads, MAX_SIZE);
    requireSize("headDim", headDim, MAX_SIZE);
    requireSize("vocabSize", vocabSize, MAX_SIZE);
    requireSize("contextLength", contextLength, Integer.MAX_VALUE);
    if (numHeads % numKvHeads != 0) {
      throw new IllegalArgumentException(
          "numHeads is " + numHeads + ", not a multiple of numKvHeads " + numKvHeads);
    }
    if (headDim % 2 != 0) {
      throw new IllegalArgumentException("headDim is " + headDim + ", it must be even");
    }
    if ((long) numHeads * headDim > MAX_SIZE) {
      throw new IllegalArgumentException(
          "numHeads " + numHeads + " times headDim " + headDim + " is more than " + MAX_SIZE);
    }
    if (!(rmsNormEps > 0 && rmsNormEps < 1)) {
      throw new IllegalArgumentException(
          "rmsNormEps is " + rmsNormEps + ", it must be above 0 and below 1");
    }
    if (!(ropeTheta >= 1 && ropeTheta < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "ropeTheta is " + ropeTheta + ", it must be finite and at least 1");
    }
    ropeScaling.validate(headDim);
  }

  private static void requireSize(String name, int value, int max) {
    if (value < 1 || value > max) {
      throw new IllegalArgumentException(name + " is " + value + ", it must be 1 to " + max);
    }
  }

  /** Values of all query heads: {@code numHeads * headDim}. */
  public int queryColumns() {
    return numHeads * headDim;
  }

  /** Values of all key (or value) heads: {@code numKvHeads * headDim}. */
  public int kvColumns() {
    return numKvHeads * headDim;
  }
}
