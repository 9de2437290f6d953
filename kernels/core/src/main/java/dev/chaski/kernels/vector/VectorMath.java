package dev.chaski.kernels.vector;

import static dev.chaski.kernels.vector.Lanes.F;
import static dev.chaski.kernels.vector.Lanes.FLOATS;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/** Arithmetic on float arrays that several kernels need. */
final class VectorMath {
  // exp(x) = 2^n * exp(r), n = round(x / ln 2), |r| <= ln 2 / 2; ln 2 in two parts so that r is
  // exact.
  private static final float LOG2_E = 1.442695f;
  private static final float LN2_HIGH = 0.6933594f;
  private static final float LN2_LOW = -2.1219444e-4f;
  // Adding it leaves a number's nearest integer in the low bits of the mantissa.
  private static final float ROUND = 0x1.8p23f;
  private static final float MIN = -87f;
  private static final float MAX = 88f;

  private VectorMath() {}

  /** {@code Σ a[aOffset + i] * b[bOffset + i]}, i below n. */
  static float dot(float[] a, int aOffset, float[] b, int bOffset, int n) {
    FloatVector sum0 = FloatVector.zero(F);
    FloatVector sum1 = FloatVector.zero(F);
    int i = 0;
    for (; i + 2 * FLOATS <= n; i += 2 * FLOATS) {
      sum0 =
          FloatVector.fromArray(F, a, aOffset + i)
              .fma(FloatVector.fromArray(F, b, bOffset + i), sum0);
      sum1 =
          FloatVector.fromArray(F, a, aOffset + i + FLOATS)
              .fma(FloatVector.fromArray(F, b, bOffset + i + FLOATS), sum1);
    }
    float sum = Lanes.sum(sum0.add(sum1));
    for (; i < n; i++) {
      sum += a[aOffset + i] * b[bOffset + i];
    }
    return sum;
  }

  /**
   * {@code Σ x[at + i]²}, i below n; the bits of {@link #dot}. Without the Vector API, which is
   * slow until it has been compiled: rows are few, but the first pass of a process cannot do
   * without.
   */
  static float sumOfSquares(float[] x, int at, int n) {
    float[] sums = new float[2 * FLOATS];
    int i = 0;
    for (; i + 2 * FLOATS <= n; i += 2 * FLOATS) {
      for (int lane = 0; lane < 2 * FLOATS; lane++) {
        float value = x[at + i + lane];
        sums[lane] = Math.fma(value, value, sums[lane]);
      }
    }
    for (int lane = 0; lane < FLOATS; lane++) {
      sums[lane] += sums[FLOATS + lane];
    }
    float sum = Lanes.sum(sums, 0);
    for (; i < n; i++) {
      sum += x[at + i] * x[at + i];
    }
    return sum;
  }

  /**
   * {@code to[toOffset + i] = exp(scale * (from[fromOffset + i] - shift))}, i below n; relative
   * error below 2e-7. Arguments are held between -87 and 88, so results are finite and not zero;
   * NaN stays. {@code to} may be {@code from}, at the same offset.
   */
  static void exp(
      float[] to, int toOffset, float[] from, int fromOffset, int n, float scale, float shift) {
    int i = 0;
    for (; i + FLOATS <= n; i += FLOATS) {
      FloatVector x =
          FloatVector.fromArray(F, from, fromOffset + i)
              .sub(shift)
              .mul(scale)
              .lanewise(VectorOperators.MAX, MIN)
              .lanewise(VectorOperators.MIN, MAX);
      FloatVector rounded = x.mul(LOG2_E).add(ROUND);
      FloatVector whole = rounded.sub(ROUND);
      FloatVector r = x.sub(whole.mul(LN2_HIGH)).sub(whole.mul(LN2_LOW));
      FloatVector p = FloatVector.broadcast(F, 1.0f / 5040);
      p = p.fma(r, FloatVector.broadcast(F, 1.0f / 720));
      p = p.fma(r, FloatVector.broadcast(F, 1.0f / 120));
      p = p.fma(r, FloatVector.broadcast(F, 1.0f / 24));
      p = p.fma(r, FloatVector.broadcast(F, 1.0f / 6));
      p = p.fma(r, FloatVector.broadcast(F, 0.5f));
      p = p.fma(r, FloatVector.broadcast(F, 1.0f));
      p = p.fma(r, FloatVector.broadcast(F, 1.0f));
      p.reinterpretAsInts()
          .add(rounded.reinterpretAsInts().lanewise(VectorOperators.LSHL, 23))
          .reinterpretAsFloats()
          .intoArray(to, toOffset + i);
    }
    for (; i < n; i++) {
      float x = scale * (from[fromOffset + i] - shift);
      to[toOffset + i] = (float) Math.exp(Math.clamp(x, MIN, MAX));
    }
  }
}
