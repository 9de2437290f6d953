package dev.chaski.kernels.quant;

/** One scale for a whole block, read off its extreme values: how Q4_0 to Q5_1 are encoded. */
final class EvenSteps {
  private EvenSteps() {}

  /**
   * Codes with {@code x[i] ≈ d * (code[i] - levels / 2)}. The value farthest from zero gets code 0,
   * the only one that reaches as far as {@code levels / 2} steps, so {@code d} has the opposite of
   * its sign.
   *
   * @param codes receives numbers of 0 to {@code levels - 1}
   * @return d
   */
  static float symmetric(float[] x, int levels, int[] codes) {
    float farthest = 0;
    for (float value : x) {
      if (Math.abs(value) > Math.abs(farthest)) {
        farthest = value;
      }
    }
    int zero = levels / 2;
    float d = farthest / -zero;
    float inverse = Rounding.inverse(d);
    for (int i = 0; i < x.length; i++) {
      codes[i] = Math.clamp((int) (x[i] * inverse + (zero + 0.5f)), 0, levels - 1);
    }
    return d;
  }

  /**
   * Codes with {@code x[i] ≈ d * code[i] + min}, where the largest value gets the last code.
   *
   * @param min the smallest value
   * @param codes receives numbers of 0 to {@code levels - 1}
   * @return d
   */
  static float affine(float[] x, float min, int levels, int[] codes) {
    float max = x[0];
    for (float value : x) {
      if (value > max) {
        max = value;
      }
    }
    float d = (max - min) / (levels - 1);
    float inverse = Rounding.inverse(d);
    for (int i = 0; i < x.length; i++) {
      codes[i] = Math.clamp((int) ((x[i] - min) * inverse + 0.5f), 0, levels - 1);
    }
    return d;
  }

  /** The smallest of the values that F16 can express; of equal ones (0 and -0) the first. */
  static float min(float[] x) {
    float min = x[0];
    for (float value : x) {
      if (value < min) {
        min = value;
      }
    }
    return Rounding.clampToHalf(min);
  }
}
