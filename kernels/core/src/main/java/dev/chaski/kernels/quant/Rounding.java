package dev.chaski.kernels.quant;

/** What all encoders of blocks with a common scale do to their numbers. */
final class Rounding {
  /** The largest F16 number, so the largest scale. */
  static final float LARGEST_HALF = 65504f;

  private Rounding() {}

  /**
   * Copies the values of one block, moving those beyond {@code ±limit} there.
   *
   * @throws IllegalArgumentException if one is infinite or NaN
   */
  static void load(float[] src, int from, float limit, float[] block) {
    for (int i = 0; i < block.length; i++) {
      float value = src[from + i];
      if (!Float.isFinite(value)) {
        throw new IllegalArgumentException(
            "value " + (from + i) + " is " + value + ": a block can hold finite numbers only");
      }
      block[i] = Math.clamp(value, -limit, limit);
    }
  }

  /** The value, or the largest F16 number of its sign where it is beyond. */
  static float clampToHalf(float value) {
    return Math.clamp(value, -LARGEST_HALF, LARGEST_HALF);
  }

  /** The nearest F16 number as bits, ties to even; the largest one instead of an infinity. */
  static short half(float value) {
    return Float.floatToFloat16(clampToHalf(value));
  }

  /** The nearest whole number, ties to even, of {@code smallest} to {@code largest}; 0 for NaN. */
  static int nearest(float value, int smallest, int largest) {
    return Math.clamp((long) Math.rint(value), smallest, largest);
  }

  /** {@code 1 / value}, and 0 for 0. */
  static float inverse(float value) {
    return value == 0 ? 0 : 1 / value;
  }
}
