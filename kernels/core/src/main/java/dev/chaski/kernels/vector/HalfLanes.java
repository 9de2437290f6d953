package dev.chaski.kernels.vector;

import static dev.chaski.kernels.vector.Lanes.F;
import static dev.chaski.kernels.vector.Lanes.FLOATS;
import static dev.chaski.kernels.vector.Lanes.I;
import static dev.chaski.kernels.vector.Lanes.S;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;

/**
 * F16 to float, many at a time. The Vector API has no such conversion. Subnormal numbers are
 * converted as integers: multiplying a subnormal float costs x86 a hundred cycles or more.
 */
final class HalfLanes {
  private static final int MAGNITUDE = 0x7FFF;
  private static final int SIGN = 0x8000_0000;
  private static final int SMALLEST_NORMAL = 0x0400;
  private static final int INFINITY = 0x7C00;
  private static final int FLOAT_INFINITY = 0x7F80_0000;
  private static final int MANTISSA_SHIFT = 13;
  private static final int EXPONENT_DIFFERENCE = (127 - 15) << 23;
  private static final float SUBNORMAL_STEP = 0x1p-24f;

  private HalfLanes() {}

  /**
   * Converts the first {@code count} numbers, exactly.
   *
   * @param halves at least {@code count} rounded up to {@link Lanes#FLOATS}; so {@code to}, whose
   *     values past {@code count} are undefined then
   */
  static void toFloats(short[] halves, int count, float[] to) {
    for (int i = 0; i < count; i += FLOATS) {
      IntVector half = (IntVector) ShortVector.fromArray(S, halves, i).castShape(I, 0);
      IntVector magnitude = half.and(MAGNITUDE);
      IntVector normal =
          magnitude.lanewise(VectorOperators.LSHL, MANTISSA_SHIFT).add(EXPONENT_DIFFERENCE);
      IntVector subnormal =
          ((FloatVector) magnitude.castShape(F, 0)).mul(SUBNORMAL_STEP).reinterpretAsInts();
      normal
          .blend(subnormal, magnitude.lt(SMALLEST_NORMAL))
          .blend(normal.or(FLOAT_INFINITY), magnitude.lt(INFINITY).not())
          .or(half.and(SIGN))
          .reinterpretAsFloats()
          .intoArray(to, i);
    }
  }
}
