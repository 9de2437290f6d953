package dev.chaski.sample;

/**
 * Unnormalised probabilities as fixed-point ints: {@code round(2^29 * exp((logit - max) * scale))}.
 *
 * <p>Integer sums do not depend on the order of the additions, so what is kept and drawn is decided
 * exactly, and their loops compile to SIMD code, which float sums do not. A weight is off by at
 * most half a unit and {@link #RELATIVE_ERROR}, both below the noise of float32 logits; a token
 * less likely than about {@code 1e-9} times the most likely one has weight 0.
 */
final class Weights {

  /** Bound on the relative error of a weight before rounding; of a handful of float roundings. */
  static final double RELATIVE_ERROR = 4e-6;

  /** The weight of the most likely token, up to {@link #RELATIVE_ERROR}. */
  static final float ONE = 0x1p29f;

  // Below this exponent the weight rounds to 0.
  private static final float LOWEST_EXPONENT = -22;

  // exp(x) = exp(x / 32)^32 needs neither a table nor float bits, which C2 cannot vectorise. With
  // x / 32 = u - 11/32, u in [-11/32, 11/32]: interpolation in Chebyshev nodes, relative error
  // 3e-9.
  private static final float CENTRE = 0.34375f;
  private static final float C0 = 0.7091062f;
  private static final float C1 = 0.7091062f;
  private static final float C2 = 0.3545531f;
  private static final float C3 = 0.11818264f;
  private static final float C4 = 0.029545875f;
  private static final float C5 = 0.005938372f;
  private static final float C6 = 9.885124e-4f;

  private Weights() {}

  /**
   * Writes the weights of a row and sums them up.
   *
   * @param logits no NaN, none above {@code max}
   * @param offset of the row in {@code logits}
   * @param keys (size), of the logits
   * @param size of the row
   * @param max its maximum, finite
   * @param scale 1 / temperature, positive and finite
   * @param floor tokens with a smaller key get weight 0
   * @param weights (size), where the weights go
   * @param chunkSums (chunks), where the sums of chunks of {@link LogitKeys#CHUNK} go
   * @return the sum of all
   */
  static long compute(
      float[] logits,
      int offset,
      int[] keys,
      int size,
      float max,
      float scale,
      int floor,
      int[] weights,
      long[] chunkSums) {
    compute(logits, offset, keys, size, max, scale, floor, weights);
    return sum(weights, size, chunkSums);
  }

  private static void compute(
      float[] logits,
      int offset,
      int[] keys,
      int size,
      float max,
      float scale,
      int floor,
      int[] weights) {
    for (int i = 0; i < size; i++) {
      float exponent = Math.max((logits[offset + i] - max) * scale, LOWEST_EXPONENT);
      float u = exponent * (1 / 32f) + CENTRE;
      float p = C6;
      p = p * u + C5;
      p = p * u + C4;
      p = p * u + C3;
      p = p * u + C2;
      p = p * u + C1;
      p = p * u + C0;
      float p2 = p * p;
      float p4 = p2 * p2;
      float p8 = p4 * p4;
      float p16 = p8 * p8;
      int gap = Math.min(keys[i], floor) - floor;
      weights[i] = (int) (p16 * p16 * ONE + 0.5f) & ~((gap | -gap) >> 31);
    }
  }

  /** Sums of the chunks of {@link LogitKeys#CHUNK} weights; returns the sum of all. */
  static long sum(int[] weights, int size, long[] chunkSums) {
    long total = 0;
    for (int chunk = 0; chunk < LogitKeys.chunks(size); chunk++) {
      int from = chunk * LogitKeys.CHUNK;
      chunkSums[chunk] = sum(weights, from, Math.min(from + LogitKeys.CHUNK, size));
      total += chunkSums[chunk];
    }
    return total;
  }

  private static long sum(int[] weights, int from, int to) {
    long sum = 0;
    for (int i = from; i < to; i++) {
      sum += weights[i];
    }
    return sum;
  }

  /** The sum of the weights whose key is above {@code key}. */
  static long sumAbove(int key, int[] keys, int[] weights, int size) {
    long sum = 0;
    for (int i = 0; i < size; i++) {
      // Nonzero if and only if keys[i] > key, also where the difference overflows.
      int gap = Math.max(keys[i], key) - key;
      sum += weights[i] & ((gap | -gap) >> 31);
    }
    return sum;
  }

  /** Sets to 0 the weights whose key is below {@code floor}. */
  static void clearBelow(int floor, int[] keys, int[] weights, int size) {
    for (int i = 0; i < size; i++) {
      int gap = Math.min(keys[i], floor) - floor;
      weights[i] &= ~((gap | -gap) >> 31);
    }
  }

  /** Sets to 0 the weights from index {@code from} whose key is {@code key}. */
  static void clearEqual(int key, int[] keys, int[] weights, int from, int size) {
    for (int i = from; i < size; i++) {
      int gap = keys[i] ^ key;
      weights[i] &= (gap | -gap) >> 31;
    }
  }

  /** How many of the first {@code size} keys are {@code key}. */
  static int countEqual(int key, int[] keys, int size) {
    int others = 0;
    for (int i = 0; i < size; i++) {
      int gap = keys[i] ^ key;
      others += (gap | -gap) >>> 31;
    }
    return size - others;
  }
}
