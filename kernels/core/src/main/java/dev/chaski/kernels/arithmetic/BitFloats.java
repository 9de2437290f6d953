package dev.chaski.kernels.arithmetic;

import java.util.Arrays;

/**
 * Small floating-point formats, read and written without reinterpreting bits: a number is its
 * mantissa times a power of two, and a power of two is a shift. All results are exact, or rounded
 * to the nearest with ties to even.
 *
 * <p>No method calls another class, branches on anything but its argument, or needs the compiler to
 * keep additions in order: all of that survives a GPU compiler.
 */
public final class BitFloats {
  /** Powers of two that {@link #bfloat16} wants: one for each exponent of a float. */
  public static final int POWERS = 256;

  /** Where the rows of {@link #half(int, float, float)} begin in {@link #tables}: first bases. */
  public static final int HALF_BASES = POWERS;

  /** One for each sign and exponent of a half; the steps come behind all bases. */
  public static final int HALF_ROWS = 64;

  private static final float HALF_UNIT = 0x1p-25f;
  private static final float E4M3_UNIT = 0x1p-10f;

  /** Times any mantissa below, more than a float holds. */
  private static final float HUGE = 0x1.fp127f;

  /** From here on a half is infinite: half a step above the largest, 65504. */
  private static final float HALF_OVERFLOW = 65520f;

  private BitFloats() {}

  /** The value of an IEEE half, bits 0 to 15. */
  public static float half(int bits) {
    int exponent = (bits >> 10) & 31;
    int fraction = bits & 1023;
    int mantissa = exponent == 0 ? 2 * fraction : 1024 + fraction;
    float value = mantissa * HALF_UNIT * (1 << (exponent & 31));
    if (exponent == 31) {
      float infinity = mantissa * HUGE;
      value = fraction == 0 ? infinity : infinity * 0f;
    }
    return (bits & 0x8000) == 0 ? value : -value;
  }

  /**
   * The same by a small table, with fewer operations: halves of one sign and exponent are steps
   * from a base.
   *
   * @param base element {@code HALF_BASES + ((bits >> 10) & 63)} of {@link #tables}
   * @param step the element {@link #HALF_ROWS} behind it
   */
  public static float half(int bits, float base, float step) {
    float value = (bits & 1023) * step + base;
    // Above infinity is NaN, and base is infinite there.
    return (bits & 0x7FFF) > 0x7C00 ? base * 0f : value;
  }

  /** The value of a half that is known to be finite, as scales of blocks are. */
  public static float finiteHalf(int bits) {
    int exponent = (bits >> 10) & 31;
    int fraction = bits & 1023;
    int mantissa = exponent == 0 ? 2 * fraction : 1024 + fraction;
    int signed = (bits & 0x8000) == 0 ? mantissa : -mantissa;
    return signed * HALF_UNIT * (1 << exponent);
  }

  /** The bits of the half nearest to {@code value}; the sign of a zero is lost. */
  public static int halfBits(float value) {
    float magnitude = value < 0 ? -value : value;
    int sign = value < 0 ? 0x8000 : 0;
    int bits = 0x7E00; // NaN: no comparison below holds
    if (magnitude >= HALF_OVERFLOW) {
      bits = 0x7C00;
    }
    if (magnitude < HALF_OVERFLOW) {
      float steps = magnitude * 0x1p24f; // of the smallest half
      int exponent = 0;
      if (steps >= 0x1p26f) {
        steps *= 0x1p-16f;
        exponent += 16;
      }
      if (steps >= 0x1p18f) {
        steps *= 0x1p-8f;
        exponent += 8;
      }
      if (steps >= 0x1p14f) {
        steps *= 0x1p-4f;
        exponent += 4;
      }
      if (steps >= 0x1p12f) {
        steps *= 0x1p-2f;
        exponent += 2;
      }
      if (steps >= 0x1p11f) {
        steps *= 0x1p-1f;
        exponent += 1;
      }
      int whole = (int) steps;
      float rest = steps - whole;
      int up = rest > 0.5f ? 1 : 0;
      if (rest == 0.5f) {
        up = whole & 1;
      }
      // A normal number's leading one, or a mantissa rounded up to the next power, adds to the
      // exponent by itself.
      bits = (exponent << 10) + whole + up;
    }
    return sign | bits;
  }

  /**
   * The value of a bfloat16.
   *
   * @param bits 0 to 15
   * @param power element {@code (bits >> 7) & 255} of {@link #powers}
   */
  public static float bfloat16(int bits, float power) {
    int exponent = (bits >> 7) & 255;
    int fraction = bits & 127;
    int mantissa = exponent == 0 ? fraction : 128 + fraction;
    float value = mantissa * power;
    if (exponent == 255) {
      value = fraction == 0 ? value : value * 0f;
    }
    return (bits & 0x8000) == 0 ? value : -value;
  }

  /** What the mantissa of a bfloat16 is multiplied by, for each of its exponents. */
  public static float[] powers() {
    float[] powers = new float[POWERS];
    for (int exponent = 0; exponent < POWERS - 1; exponent++) {
      powers[exponent] = Math.scalb(1f, Math.max(1, exponent) - 134);
    }
    powers[POWERS - 1] = Float.POSITIVE_INFINITY;
    return powers;
  }

  /** {@link #powers}, then bases and steps of halves. */
  public static float[] tables() {
    float[] tables = Arrays.copyOf(powers(), HALF_BASES + 2 * HALF_ROWS);
    for (int row = 0; row < HALF_ROWS; row++) {
      int exponent = row & 31;
      float sign = row < 32 ? 1 : -1;
      float base = exponent == 0 ? 0 : Math.scalb(1f, exponent - 15);
      tables[HALF_BASES + row] = sign * (exponent == 31 ? Float.POSITIVE_INFINITY : base);
      tables[HALF_BASES + HALF_ROWS + row] = sign * Math.scalb(1f, Math.max(1, exponent) - 25);
    }
    return tables;
  }

  /** The value of an FP8 of four bits of exponent and three of mantissa, bits 0 to 7. */
  public static float e4m3(int bits) {
    int exponent = (bits >> 3) & 15;
    int fraction = bits & 7;
    int mantissa = exponent == 0 ? 2 * fraction : 8 + fraction;
    float value = mantissa * E4M3_UNIT * (1 << exponent);
    if ((bits & 127) == 127) {
      float infinity = mantissa * HUGE;
      value = infinity * 0f;
    }
    return (bits & 128) == 0 ? value : -value;
  }

  /** Rounds to the nearest whole number, ties away from zero. */
  public static int nearest(float value) {
    float magnitude = value < 0 ? -value : value;
    int whole = (int) magnitude;
    int rounded = magnitude - whole >= 0.5f ? whole + 1 : whole;
    return value < 0 ? -rounded : rounded;
  }
}
