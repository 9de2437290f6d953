package dev.chaski.kernels.quant;

import java.util.Arrays;

/**
 * Looks for the scale and the minimum that represent one group of values best, with {@code x[i] ≈
 * scale * code[i] - min}, codes of 0 to {@code largestCode} and {@code min >= 0}.
 *
 * <p>The error is weighted: a value counts more the farther it is from zero. The search first
 * spreads the codes evenly from the smallest value (or 0, if that is smaller) to the largest. Then
 * it tries a row of slightly different spreads; for the codes of each, the best scale and minimum
 * follow from a linear least-squares fit. If that leaves a smaller error, it is the new best, and
 * later spreads start from its minimum. This is ggml's {@code make_qkx2_quants}, in the same order
 * of float operations, so that files come out equal.
 */
final class AffineFit {
  private static final int GROUP = 32;
  private static final float SPREAD_STEP = 0.1f;

  private final int largestCode;
  private final float firstSpread;
  private final int spreads;

  private final float[] weights = new float[GROUP];
  private final int[] trial = new int[GROUP];

  private float sumOfWeights;
  private float weightedSum;

  // The best so far: x[i] is about scale * code[i] + shift, and shift is not positive.
  private float scale;
  private float shift;

  /**
   * @param largestCode the last code
   * @param firstSpread what the first trial adds to {@code largestCode}, the number of steps
   *     between the smallest and the largest value
   * @param spreads number of trials, each of which adds 0.1 more
   */
  AffineFit(int largestCode, float firstSpread, int spreads) {
    this.largestCode = largestCode;
    this.firstSpread = firstSpread;
    this.spreads = spreads;
  }

  /** The scale found last, not negative. */
  float scale() {
    return scale;
  }

  /** The minimum found last, not negative: it is subtracted. */
  float min() {
    return -shift;
  }

  /** Fits the 32 values from {@code x[from]} on, and writes codes from {@code codes[from]} on. */
  void fit(float[] x, int from, int[] codes) {
    weigh(x, from);
    float smallest = x[from];
    float largest = x[from];
    for (int i = 1; i < GROUP; i++) {
      smallest = x[from + i] < smallest ? x[from + i] : smallest;
      largest = x[from + i] > largest ? x[from + i] : largest;
    }
    smallest = smallest > 0 ? 0 : smallest;
    shift = smallest;
    if (smallest == largest) {
      scale = 0;
      Arrays.fill(codes, from, from + GROUP, 0);
      return;
    }
    float inverse = largestCode / (largest - smallest);
    scale = 1 / inverse;
    spread(x, from, inverse, smallest);
    System.arraycopy(trial, 0, codes, from, GROUP);
    float smallestError = error(x, from, scale, smallest);
    for (int i = 0; i < spreads; i++) {
      float steps = firstSpread + SPREAD_STEP * i + largestCode;
      spread(x, from, steps / (largest - shift), shift);
      smallestError = improve(x, from, codes, smallestError);
    }
  }

  private void weigh(float[] x, int from) {
    float sumOfSquares = 0;
    for (int i = 0; i < GROUP; i++) {
      sumOfSquares += x[from + i] * x[from + i];
    }
    float rootMeanSquare = (float) Math.sqrt(sumOfSquares / GROUP);
    sumOfWeights = 0;
    weightedSum = 0;
    for (int i = 0; i < GROUP; i++) {
      weights[i] = rootMeanSquare + Math.abs(x[from + i]);
      sumOfWeights += weights[i];
      weightedSum += weights[i] * x[from + i];
    }
  }

  /** Sets the trial codes, with {@code inverse} steps per unit from {@code smallest} upwards. */
  private void spread(float[] x, int from, float inverse, float smallest) {
    for (int i = 0; i < GROUP; i++) {
      trial[i] = Rounding.nearest(inverse * (x[from + i] - smallest), 0, largestCode);
    }
  }

  /** Takes over the trial codes, with the scale and minimum that suit them, if they are better. */
  private float improve(float[] x, int from, int[] codes, float smallestError) {
    float sumOfCodes = 0;
    float sumOfSquares = 0;
    float sumOfProducts = 0;
    for (int i = 0; i < GROUP; i++) {
      float weighted = weights[i] * trial[i];
      sumOfCodes += weighted;
      sumOfSquares += weighted * trial[i];
      sumOfProducts += weighted * x[from + i];
    }
    float determinant = sumOfWeights * sumOfSquares - sumOfCodes * sumOfCodes;
    if (determinant <= 0) {
      return smallestError;
    }
    float trialScale = (sumOfWeights * sumOfProducts - weightedSum * sumOfCodes) / determinant;
    float trialShift = (sumOfSquares * weightedSum - sumOfCodes * sumOfProducts) / determinant;
    if (trialShift > 0) {
      trialShift = 0;
      trialScale = sumOfProducts / sumOfSquares;
    }
    float trialError = error(x, from, trialScale, trialShift);
    if (trialError >= smallestError) {
      return smallestError;
    }
    scale = trialScale;
    shift = trialShift;
    System.arraycopy(trial, 0, codes, from, GROUP);
    return trialError;
  }

  private float error(float[] x, int from, float trialScale, float trialShift) {
    float error = 0;
    for (int i = 0; i < GROUP; i++) {
      float difference = trialScale * trial[i] + trialShift - x[from + i];
      error += weights[i] * (difference * difference);
    }
    return error;
  }
}
