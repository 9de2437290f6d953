package dev.chaski.sample;

import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * Top-k, top-p, min-p and temperature written down plainly, in double and with a full sort: the
 * specification that {@link TokenDraw} is compared with.
 */
final class ReferenceDistribution {

  private ReferenceDistribution() {}

  /** The probability of each token; no logit NaN or +infinity. */
  static double[] of(float[] logits, SamplingOptions options) {
    return of(logits, options, 0);
  }

  /**
   * The same where the limits of top-p and min-p are relaxed by {@code slack}, or made stricter by
   * a negative one: between the two lies what rounding may decide either way.
   */
  static double[] of(float[] logits, SamplingOptions options, double slack) {
    int[] ranked = ranked(logits);
    double max = logits[ranked[0]];
    int kept = ranked.length;
    if (options.topK() > 0) {
      kept = Math.min(kept, options.topK());
    }
    double total = 0;
    for (int i = 0; i < kept; i++) {
      total += Math.exp(logits[ranked[i]] - max);
    }
    if (options.topP() < 1) {
      double sum = 0;
      int nucleus = 0;
      while (nucleus < kept && (nucleus == 0 || sum < (options.topP() + slack) * total)) {
        sum += Math.exp(logits[ranked[nucleus++]] - max);
      }
      kept = nucleus;
    }
    while (kept > 1 && Math.exp(logits[ranked[kept - 1]] - max) < options.minP() * (1 - slack)) {
      kept--;
    }
    double[] probabilities = new double[logits.length];
    double sum = 0;
    for (int i = 0; i < kept; i++) {
      probabilities[ranked[i]] = Math.exp((logits[ranked[i]] - max) / options.temperature());
      sum += probabilities[ranked[i]];
    }
    for (int i = 0; i < probabilities.length; i++) {
      probabilities[i] /= sum;
    }
    return probabilities;
  }

  /** Tokens by falling logit, then by id. */
  static int[] ranked(float[] logits) {
    return IntStream.range(0, logits.length)
        .boxed()
        .sorted(Comparator.comparingDouble((Integer i) -> 0 - logits[i]).thenComparing(i -> i))
        .mapToInt(i -> i)
        .toArray();
  }
}
