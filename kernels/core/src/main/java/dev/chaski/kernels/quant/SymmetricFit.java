package dev.chaski.kernels.quant;

import java.util.Arrays;

/**
 * Looks for the scale that represents one group of values best, with {@code x[i] ≈ scale * (code[i]
 * - 32)} and codes of 0 to 63.
 *
 * <p>The error is weighted by the square of the value. The search first gives the value farthest
 * from zero the code 0, then tries to let it have 0.1 to 0.9 steps less or more; for the codes of
 * each trial, the best scale follows from a linear least-squares fit, and the trial that leaves the
 * smallest error wins. This is ggml's {@code make_qx_quants} with {@code rmse_type} 1, in the same
 * order of float operations, so that files come out equal.
 */
final class SymmetricFit {
  /** A group without a larger value is taken as zeros; ggml's {@code GROUP_MAX_EPS}. */
  static final float NEGLIGIBLE = 1e-15f;

  private static final int ZERO = 32;
  private static final int TRIALS = 9;
  private static final float TRIAL_STEP = 0.1f;

  private final int size;

  // Of the trial that was summed last, weighted: value times steps, and steps squared.
  private float sumOfProducts;
  private float sumOfSquares;

  /**
   * @param size values of a group
   */
  SymmetricFit(int size) {
    this.size = size;
  }

  /**
   * Fits the values from {@code x[from]} on, and writes their codes from {@code codes[from]} on.
   *
   * @return the scale, which may be negative
   */
  float fit(float[] x, int from, int[] codes) {
    float farthest = 0;
    for (int i = from; i < from + size; i++) {
      if (Math.abs(x[i]) > Math.abs(farthest)) {
        farthest = x[i];
      }
    }
    if (Math.abs(farthest) < NEGLIGIBLE) {
      Arrays.fill(codes, from, from + size, 0);
      return 0;
    }
    float bestInverse = -ZERO / farthest;
    sum(x, from, bestInverse);
    float scale = sumOfSquares == 0 ? 0 : sumOfProducts / sumOfSquares;
    float best = scale * sumOfProducts;
    for (int trial = -TRIALS; trial <= TRIALS; trial++) {
      if (trial == 0) {
        continue;
      }
      float inverse = -(ZERO + TRIAL_STEP * trial) / farthest;
      sum(x, from, inverse);
      // The error is the weighted sum of x squared, less sumOfProducts squared / sumOfSquares.
      if (sumOfSquares > 0 && sumOfProducts * sumOfProducts > best * sumOfSquares) {
        bestInverse = inverse;
        scale = sumOfProducts / sumOfSquares;
        best = scale * sumOfProducts;
      }
    }
    for (int i = from; i < from + size; i++) {
      codes[i] = ZERO + steps(x[i], bestInverse);
    }
    return scale;
  }

  private void sum(float[] x, int from, float inverse) {
    float products = 0;
    float squares = 0;
    for (int i = from; i < from + size; i++) {
      int steps = steps(x[i], inverse);
      float weight = x[i] * x[i];
      products += weight * x[i] * steps;
      squares += weight * steps * steps;
    }
    sumOfProducts = products;
    sumOfSquares = squares;
  }

  private static int steps(float value, float inverse) {
    return Rounding.nearest(inverse * value, -ZERO, ZERO - 1);
  }
}
