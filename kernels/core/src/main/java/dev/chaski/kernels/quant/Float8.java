package dev.chaski.kernels.quant;

/**
 * The two 8-bit floating-point formats of OCP 8-bit Floating Point v1.0. Every code is a float
 * exactly; encoding rounds to the nearest, ties to even, and saturates.
 *
 * <pre>
 *          bit 7  bits 6..        bits ..0        largest  smallest  special codes
 * E4M3FN   sign   exponent (4)    mantissa (3)    448      2^-9      S.1111.111 NaN, no infinity
 * E5M2     sign   exponent (5)    mantissa (2)    57344    2^-16     as IEEE 754: S.11111.00 infinity
 * </pre>
 */
public final class Float8 {
  private static final int E4M3_MANTISSA_BITS = 3;
  private static final int E4M3_BIAS = 7;
  private static final int E4M3_LARGEST = 0x7E;
  private static final int E5M2_MANTISSA_BITS = 2;
  private static final int E5M2_BIAS = 15;
  private static final int E5M2_LARGEST = 0x7B;
  private static final int E5M2_INFINITY = 0x7C;
  private static final int NAN = 0x7F;

  private static final int FLOAT_MANTISSA_BITS = 23;
  private static final int FLOAT_BIAS = 127;
  private static final int FLOAT_INFINITY = 0x7F80_0000;

  private static final float[] E4M3_VALUES = e4m3Values();

  private Float8() {}

  /** The value of an E4M3FN code; NaN for 0x7F and 0xFF. */
  public static float e4m3ToFloat(byte code) {
    return E4M3_VALUES[Byte.toUnsignedInt(code)];
  }

  /** The value of an E5M2 code. */
  public static float e5m2ToFloat(byte code) {
    // E5M2 is the upper half of a binary16.
    return Float.float16ToFloat((short) (code << 8));
  }

  /**
   * The E4M3FN code nearest to {@code value}. Everything beyond 448, infinities too, becomes the
   * largest number of its sign; NaN keeps its sign, and so does zero.
   */
  public static byte floatToE4m3(float value) {
    int bits = Float.floatToRawIntBits(value);
    int magnitude = bits & Integer.MAX_VALUE;
    int code =
        magnitude > FLOAT_INFINITY
            ? NAN
            : Math.min(E4M3_LARGEST, round(magnitude, E4M3_MANTISSA_BITS, E4M3_BIAS));
    return (byte) (((bits >>> 24) & 0x80) | code);
  }

  /**
   * The E5M2 code nearest to {@code value}. A finite value beyond 57344 becomes the largest number
   * of its sign, an infinity stays one; NaN becomes 0x7F or 0xFF by its sign, zero keeps its sign.
   */
  public static byte floatToE5m2(float value) {
    int bits = Float.floatToRawIntBits(value);
    int magnitude = bits & Integer.MAX_VALUE;
    int code;
    if (magnitude > FLOAT_INFINITY) {
      code = NAN;
    } else if (magnitude == FLOAT_INFINITY) {
      code = E5M2_INFINITY;
    } else {
      code = Math.min(E5M2_LARGEST, round(magnitude, E5M2_MANTISSA_BITS, E5M2_BIAS));
    }
    return (byte) (((bits >>> 24) & 0x80) | code);
  }

  /**
   * Rounds a non-negative float, given by its bits, to a format with fewer bits and no largest
   * number.
   */
  private static int round(int magnitude, int mantissaBits, int bias) {
    int droppedBits = FLOAT_MANTISSA_BITS - mantissaBits;
    int smallestNormal = (FLOAT_BIAS - bias + 1) << FLOAT_MANTISSA_BITS;
    if (magnitude < smallestNormal) {
      // Added to a number whose last bit is worth the format's smallest step, the float adder
      // rounds for us, and the sum's last bits count the steps.
      int stepExponent = FLOAT_BIAS - bias + 1 + droppedBits;
      int steps = stepExponent << FLOAT_MANTISSA_BITS;
      float sum = Float.intBitsToFloat(steps) + Float.intBitsToFloat(magnitude);
      return Float.floatToRawIntBits(sum) - steps;
    }
    int lastKeptBit = (magnitude >>> droppedBits) & 1;
    int rounded = magnitude + (1 << (droppedBits - 1)) - 1 + lastKeptBit;
    return (rounded >>> droppedBits) - ((FLOAT_BIAS - bias) << mantissaBits);
  }

  private static float[] e4m3Values() {
    float[] values = new float[256];
    for (int code = 0; code < values.length; code++) {
      int exponent = (code >> E4M3_MANTISSA_BITS) & 0x0F;
      int mantissa = code & 7;
      float magnitude;
      if ((code & 0x7F) == NAN) {
        magnitude = Float.NaN;
      } else if (exponent == 0) {
        magnitude = Math.scalb((float) mantissa, 1 - E4M3_BIAS - E4M3_MANTISSA_BITS);
      } else {
        magnitude = Math.scalb(8f + mantissa, exponent - E4M3_BIAS - E4M3_MANTISSA_BITS);
      }
      values[code] = code < 0x80 ? magnitude : -magnitude;
    }
    return values;
  }
}
