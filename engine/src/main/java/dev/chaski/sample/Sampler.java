package dev.chaski.sample;

import java.util.Objects;

/**
 * Chooses the next token from a row of logits. One sampler serves one generation:
 *
 * {@snippet :
 * var sampler = Sampler.create(SamplingOptions.defaults());
 * sampler.acceptPrompt(promptIds);
 * while (true) {
 *   int token = sampler.sample(logits, 0, vocabSize);
 *   sampler.accept(token);
 *   // ... run the model on it ...
 * }
 * }
 *
 * <p>The steps, in the order of llama.cpp's default chain:
 *
 * <ol>
 *   <li>constraint: tokens it forbids get -infinity, which nothing later lifts
 *   <li>logit bias: added; an infinite one replaces the logit
 *   <li>penalties, for each token in the window that occurs {@code count} times: a positive logit
 *       is divided by {@code repetitionPenalty}, another multiplied by it; then {@code
 *       frequencyPenalty * count} and {@code presencePenalty} are subtracted
 *   <li>at temperature 0: the token with the largest logit, of equal ones the lowest id
 *   <li>top-k, top-p among the tokens that leaves, min-p: all on probabilities at temperature 1;
 *       equal logits are ranked by id, lowest first
 *   <li>temperature, and the draw
 * </ol>
 *
 * <p>A logit of +infinity is the limit of a large one: such tokens share all the probability. NaN
 * is refused.
 *
 * <p>The same seed, options and logits give the same tokens, on every platform. Weights are
 * rounded: a token about {@code 1e-9} times as likely as the most likely one, or less, is never
 * drawn.
 *
 * <p>Not thread-safe: it carries the random numbers, the tokens seen and scratch buffers.
 */
public final class Sampler {

  private final SamplingOptions options;
  private final TokenConstraint constraint; // null when there is none
  private final long seed;
  private final SplitMix64 random;
  private final LogitAdjuster adjuster;
  private final LogitKeys keys = new LogitKeys();
  private final TokenDraw draw; // null when greedy

  private Sampler(SamplingOptions options, TokenConstraint constraint) {
    this.options = Objects.requireNonNull(options, "options");
    this.constraint = constraint;
    this.seed = options.seeded().seed().getAsLong();
    this.random = new SplitMix64(seed);
    this.adjuster = new LogitAdjuster(options, constraint);
    this.draw = options.isGreedy() ? null : new TokenDraw(options, random);
  }

  /** A sampler that may choose any token. */
  public static Sampler create(SamplingOptions options) {
    return new Sampler(options, null);
  }

  /**
   * A sampler that keeps to a constraint.
   *
   * @param constraint used by this sampler alone
   */
  public static Sampler create(SamplingOptions options, TokenConstraint constraint) {
    return new Sampler(options, Objects.requireNonNull(constraint, "constraint"));
  }

  /** The options it was created with. */
  public SamplingOptions options() {
    return options;
  }

  /** The seed in use, given or picked: with it in the options, the run repeats. */
  public long seed() {
    return seed;
  }

  /**
   * Chooses a token. Does not {@link #accept} it, and leaves the logits as they are.
   *
   * @param logits raw logits, one row from {@code offset}: (vocabSize)
   * @param offset where the row starts
   * @param vocabSize length of the row, the same in all calls
   * @return a token, 0 to {@code vocabSize - 1}
   * @throws UnusableLogitsException if a logit is NaN, or no token is possible
   * @throws IllegalArgumentException if {@code vocabSize} is not positive, or an accepted or biased
   *     token is outside the vocabulary
   * @throws IndexOutOfBoundsException if the row is not inside {@code logits}
   */
  public int sample(float[] logits, int offset, int vocabSize) {
    if (vocabSize < 1) {
      throw new IllegalArgumentException("vocabSize is %d, must be >= 1".formatted(vocabSize));
    }
    Objects.checkFromIndexSize(offset, vocabSize, logits.length);
    float[] adjusted = adjuster.adjust(logits, offset, vocabSize);
    float[] row = adjusted == null ? logits : adjusted;
    int start = adjusted == null ? offset : 0;
    keys.load(row, start, vocabSize);
    if (draw == null) {
      return keys.argMax();
    }
    if (keys.max() == LogitKeys.POSITIVE_INFINITY) {
      row = adjuster.onlyInfinite(row, start, vocabSize);
      start = 0;
      keys.load(row, start, vocabSize);
    }
    return draw.draw(keys, row, start);
  }

  /**
   * Takes note of a generated token: the penalties see it, the constraint moves on.
   *
   * @throws IllegalArgumentException if it is negative, or the constraint does not allow it
   */
  public void accept(int token) {
    see(token);
    if (constraint != null) {
      constraint.accept(token);
    }
  }

  /**
   * Takes note of the tokens of a prompt, in order: the penalties see them, the constraint does
   * not.
   *
   * @throws IllegalArgumentException if one is negative
   */
  public void acceptPrompt(int... tokens) {
    for (int token : tokens) {
      see(token);
    }
  }

  /** Goes back to the beginning: no tokens seen, random numbers from the seed again. */
  public void reset() {
    random.restart(seed);
    adjuster.forget();
    if (constraint != null) {
      constraint.reset();
    }
  }

  private void see(int token) {
    if (token < 0) {
      throw new IllegalArgumentException("token is %d, must be >= 0".formatted(token));
    }
    adjuster.saw(token);
  }
}
