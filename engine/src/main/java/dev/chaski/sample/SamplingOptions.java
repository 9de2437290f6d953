package dev.chaski.sample;

import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ThreadLocalRandom;

/**
 * How the next token is chosen. {@link #defaults()} and {@link #greedy()} are ready to use; {@link
 * #builder()} starts from the defaults:
 *
 * {@snippet :
 * var options = SamplingOptions.builder().temperature(0.6f).topP(0.9f).seed(42).build();
 * }
 *
 * <p>Names, meanings and defaults are those of llama.cpp. {@link Sampler} gives the order in which
 * they act.
 *
 * @param temperature divides the logits before the draw: below 1 sharpens, above 1 flattens; 0
 *     always takes the most likely token (greedy). Finite.
 * @param topK keep only this many of the most likely tokens; 0, or the vocabulary's size and more,
 *     keeps all
 * @param topP keep the most likely tokens whose probabilities together first reach this share of
 *     the total, at least one (nucleus sampling; Holtzman et al. 2020); 1 keeps all
 * @param minP drop tokens less likely than this share of the most likely one's probability; 0 keeps
 *     all, 1 only the most likely
 * @param repetitionPenalty divides a positive logit, and multiplies a negative one, of each token
 *     among the last {@code penaltyWindow} (Keskar et al. 2019); 1 is off, below 1 encourages
 * @param presencePenalty subtracted once from the logit of each token among them (OpenAI); 0 is off
 * @param frequencyPenalty subtracted from it once per occurrence (OpenAI); 0 is off
 * @param penaltyWindow how many of the last tokens, prompt included, the penalties see; -1 means
 *     all of them, 0 none
 * @param logitBias added to the logits of single tokens; -infinity bans a token, +infinity leaves
 *     it no rival but others of infinite logit
 * @param seed start of the random numbers, so that a run can be repeated; empty lets the sampler
 *     pick one, see {@link Sampler#seed()}
 */
public record SamplingOptions(
    float temperature,
    int topK,
    float topP,
    float minP,
    float repetitionPenalty,
    float presencePenalty,
    float frequencyPenalty,
    int penaltyWindow,
    Map<Integer, Float> logitBias,
    OptionalLong seed) {

  /**
   * Checks the ranges.
   *
   * @throws IllegalArgumentException naming the field, its value and what is allowed
   */
  public SamplingOptions {
    require(
        temperature >= 0 && Float.isFinite(temperature),
        "temperature",
        temperature,
        "a finite number >= 0 (0 = greedy)");
    require(topK >= 0, "topK", topK, ">= 0 (0 = off)");
    require(topP >= 0 && topP <= 1, "topP", topP, "from 0 to 1 (1 = off)");
    require(minP >= 0 && minP <= 1, "minP", minP, "from 0 to 1 (0 = off)");
    require(
        repetitionPenalty > 0 && Float.isFinite(repetitionPenalty),
        "repetitionPenalty",
        repetitionPenalty,
        "a finite number > 0 (1 = off)");
    require(
        Float.isFinite(presencePenalty),
        "presencePenalty",
        presencePenalty,
        "a finite number (0 = off)");
    require(
        Float.isFinite(frequencyPenalty),
        "frequencyPenalty",
        frequencyPenalty,
        "a finite number (0 = off)");
    require(
        penaltyWindow >= -1, "penaltyWindow", penaltyWindow, ">= -1 (-1 = all tokens, 0 = none)");
    logitBias = Map.copyOf(logitBias);
    logitBias.forEach((token, bias) -> {
      require(token >= 0, "logitBias", token, "a token id >= 0 as key");
      require(!bias.isNaN(), "logitBias of token " + token, bias, "any number but NaN");
    });
    if (seed == null) {
      throw new IllegalArgumentException("seed is null, must be an OptionalLong (empty = random)");
    }
  }

  private static void require(boolean valid, String field, Object value, String allowed) {
    if (!valid) {
      throw new IllegalArgumentException("%s is %s, must be %s".formatted(field, value, allowed));
    }
  }

  /**
   * llama.cpp's defaults: temperature 0.8, top-k 40, top-p 0.95, min-p 0.05, no penalties (their
   * window 64), no bias, random seed.
   */
  public static SamplingOptions defaults() {
    return builder().build();
  }

  /** Always the most likely token: the defaults at temperature 0. */
  public static SamplingOptions greedy() {
    return builder().temperature(0).build();
  }

  /** The model's own distribution: temperature 1, every filter, penalty and bias off. */
  public static SamplingOptions unfiltered() {
    return builder().temperature(1).topK(0).topP(1).minP(0).build();
  }

  /** A builder holding the {@link #defaults()}. */
  public static Builder builder() {
    return new Builder();
  }

  /** A builder holding these options. */
  public Builder toBuilder() {
    Builder builder = new Builder();
    builder.temperature = temperature;
    builder.topK = topK;
    builder.topP = topP;
    builder.minP = minP;
    builder.repetitionPenalty = repetitionPenalty;
    builder.presencePenalty = presencePenalty;
    builder.frequencyPenalty = frequencyPenalty;
    builder.penaltyWindow = penaltyWindow;
    builder.logitBias = logitBias;
    builder.seed = seed;
    return builder;
  }

  /** The same with a seed: one that is picked now if there is none yet. */
  public SamplingOptions seeded() {
    // It has 32 bits, so that people can read it out and type it in.
    return seed.isPresent()
        ? this
        : toBuilder().seed(ThreadLocalRandom.current().nextLong(1L << 32)).build();
  }

  /**
   * The options of one of several answers to a prompt: the seed is {@code index} more.
   *
   * @param index of the answer; the first, 0, has these options
   * @throws java.util.NoSuchElementException if there is no seed, see {@link #seeded}
   */
  public SamplingOptions ofAnswer(int index) {
    return toBuilder().seed(seed.getAsLong() + index).build();
  }

  /** True if the most likely token is always taken. */
  public boolean isGreedy() {
    return temperature == 0;
  }

  /** True if some penalty is on, so that tokens already seen matter. */
  public boolean hasPenalties() {
    return penaltyWindow != 0
        && (repetitionPenalty != 1 || presencePenalty != 0 || frequencyPenalty != 0);
  }

  /** Collects options; the values are checked by {@link #build()}. Not thread-safe. */
  public static final class Builder {

    private float temperature = 0.8f;
    private int topK = 40;
    private float topP = 0.95f;
    private float minP = 0.05f;
    private float repetitionPenalty = 1;
    private float presencePenalty = 0;
    private float frequencyPenalty = 0;
    private int penaltyWindow = 64;
    private Map<Integer, Float> logitBias = Map.of();
    private OptionalLong seed = OptionalLong.empty();

    private Builder() {}

    /** Sets {@link SamplingOptions#temperature()}. */
    public Builder temperature(float temperature) {
      this.temperature = temperature;
      return this;
    }

    /** Sets {@link SamplingOptions#topK()}. */
    public Builder topK(int topK) {
      this.topK = topK;
      return this;
    }

    /** Sets {@link SamplingOptions#topP()}. */
    public Builder topP(float topP) {
      this.topP = topP;
      return this;
    }

    /** Sets {@link SamplingOptions#minP()}. */
    public Builder minP(float minP) {
      this.minP = minP;
      return this;
    }

    /** Sets {@link SamplingOptions#repetitionPenalty()}. */
    public Builder repetitionPenalty(float repetitionPenalty) {
      this.repetitionPenalty = repetitionPenalty;
      return this;
    }

    /** Sets {@link SamplingOptions#presencePenalty()}. */
    public Builder presencePenalty(float presencePenalty) {
      this.presencePenalty = presencePenalty;
      return this;
    }

    /** Sets {@link SamplingOptions#frequencyPenalty()}. */
    public Builder frequencyPenalty(float frequencyPenalty) {
      this.frequencyPenalty = frequencyPenalty;
      return this;
    }

    /** Sets {@link SamplingOptions#penaltyWindow()}. */
    public Builder penaltyWindow(int penaltyWindow) {
      this.penaltyWindow = penaltyWindow;
      return this;
    }

    /** Sets {@link SamplingOptions#logitBias()}; replaces all biases set before. */
    public Builder logitBias(Map<Integer, Float> logitBias) {
      this.logitBias = logitBias;
      return this;
    }

    /** Sets {@link SamplingOptions#seed()}. */
    public Builder seed(OptionalLong seed) {
      this.seed = seed;
      return this;
    }

    /** Fixes {@link SamplingOptions#seed()}. */
    public Builder seed(long seed) {
      return seed(OptionalLong.of(seed));
    }

    /**
     * The options.
     *
     * @throws IllegalArgumentException if one is out of range
     */
    public SamplingOptions build() {
      return new SamplingOptions(
          temperature,
          topK,
          topP,
          minP,
          repetitionPenalty,
          presencePenalty,
          frequencyPenalty,
          penaltyWindow,
          logitBias,
          seed);
    }
  }
}
