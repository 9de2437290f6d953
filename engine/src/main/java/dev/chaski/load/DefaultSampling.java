package dev.chaski.load;

import java.util.Optional;

/**
 * How the author of a model wants its tokens to be sampled; what is empty is left to the program.
 *
 * @param temperature 0 for always the most likely token
 * @param topK keep this many of the most likely tokens; 0 for all
 * @param topP keep the most likely tokens that together reach this probability
 * @param minP keep tokens at least this probable, as a share of the most likely one
 * @param repetitionPenalty divides the logits of tokens seen before; 1 for none
 */
public record DefaultSampling(
    Optional<Float> temperature,
    Optional<Integer> topK,
    Optional<Float> topP,
    Optional<Float> minP,
    Optional<Float> repetitionPenalty) {
  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException naming what is out of range
   */
  public DefaultSampling {
    require("temperature", temperature, 0, Float.MAX_VALUE);
    require("top_k", topK, 0, Integer.MAX_VALUE);
    require("top_p", topP, 0, 1);
    require("min_p", minP, 0, 1);
    require("repetition penalty", repetitionPenalty, Float.MIN_VALUE, Float.MAX_VALUE);
  }

  private static void require(String name, Optional<? extends Number> value, float min, float max) {
    if (value.isPresent()
        && !(value.get().floatValue() >= min && value.get().floatValue() <= max)) {
      throw new IllegalArgumentException(
          "the %s for sampling is %s, it must be %s to %s".formatted(name, value.get(), min, max));
    }
  }

  /** Nothing is wanted. */
  public static DefaultSampling none() {
    return new DefaultSampling(
        Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
  }
}
