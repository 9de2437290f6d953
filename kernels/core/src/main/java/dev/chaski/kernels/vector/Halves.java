package dev.chaski.kernels.vector;

/**
 * All F16 numbers as floats. Where every few weights have a scale of their own, looking it up is
 * cheaper than converting it: conversions take the ports of the processor that products need.
 */
final class Halves {
  /** The value of the bits {@code 0} to {@code 0xFFFF}. */
  static final float[] VALUES = new float[1 << 16];

  static {
    for (int bits = 0; bits < VALUES.length; bits++) {
      VALUES[bits] = Float.float16ToFloat((short) bits);
    }
  }

  private Halves() {}
}
