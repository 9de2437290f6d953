package dev.chaski.kernels.vector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import java.util.function.IntToDoubleFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VectorMathTest {
  /** What the Javadoc of exp promises. */
  private static final double EXP_ERROR = 2e-7;

  private static final int CHUNK = 1 << 12; // whole vectors of any width

  @Test
  void expIsExactTo2e7EverywhereItIsDefined() {
    int steps = 1 << 20;
    assertExpOf(steps, i -> -87 + 175.0 * i / steps);
    assertExpOf(steps, i -> (i - steps / 2) / (double) steps); // where softmax lives
  }

  @Test
  void expIsExactTo2e7WhereArgumentsAreTiny() {
    int largest = Float.floatToIntBits(1f);
    int step = 1021;
    assertExpOf(largest / step, i -> Float.intBitsToFloat(i * step));
    assertExpOf(largest / step, i -> -Float.intBitsToFloat(i * step));
  }

  /** Halfway between two powers of two the remainder is largest. */
  @Test
  void expIsExactTo2e7WhereItsPowerOfTwoChanges() {
    int around = 50;
    double ln2 = Math.log(2);
    assertExpOf(
        252 * 2 * around,
        i -> {
          float half = (float) ((i / (2 * around) - 125 + 0.5) * ln2);
          return half + (i % (2 * around) - around) * Math.ulp(half);
        });
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 7, 16, 31, 32, 33, 64, 100, 2048})
  void sumOfSquaresHasTheBitsOfTheDotProduct(int n) {
    float[] x = new float[n + 3];
    Random random = new Random(n);
    for (int i = 0; i < x.length; i++) {
      x[i] = (float) random.nextGaussian();
    }
    assertThat(VectorMath.sumOfSquares(x, 3, n)).isEqualTo(VectorMath.dot(x, 3, x, 3, n));
  }

  private static void assertExpOf(int count, IntToDoubleFunction argument) {
    float[] x = new float[CHUNK];
    float[] y = new float[CHUNK];
    double worst = 0;
    float worstAt = 0;
    for (int start = 0; start < count; start += CHUNK) {
      for (int i = 0; i < CHUNK; i++) {
        double value = argument.applyAsDouble(Math.min(count - 1, start + i));
        x[i] = (float) Math.clamp(value, -87, 88);
      }
      VectorMath.exp(y, 0, x, 0, CHUNK, 1, 0);
      for (int i = 0; i < CHUNK; i++) {
        double expected = Math.exp(x[i]);
        double error = Math.abs(y[i] - expected) / expected;
        if (!(error <= worst)) {
          worst = error;
          worstAt = x[i];
        }
      }
    }
    assertThat(worst).as("relative error of exp(%s)", worstAt).isLessThan(EXP_ERROR);
  }

  /** Both in whole vectors and in the values after the last of them. */
  @Test
  void expHoldsWildArgumentsInItsRange() {
    float[] wild = {
      Float.NEGATIVE_INFINITY,
      -Float.MAX_VALUE,
      -1000,
      -88,
      -87,
      0f,
      -0f,
      Float.MIN_VALUE,
      88,
      89,
      1000,
      Float.MAX_VALUE,
      Float.POSITIVE_INFINITY,
      Float.NaN,
      1,
      -1
    };
    for (int n : new int[] {1, 16, 19, 32}) {
      float[] x = new float[n];
      float[] y = new float[n];
      for (float value : wild) {
        Arrays.fill(x, value);
        VectorMath.exp(y, 0, x, 0, n, 1, 0);
        double expected = Math.exp(Math.clamp(value, -87f, 88f));
        for (int i = 0; i < n; i++) {
          if (Float.isNaN(value)) {
            assertThat(y[i]).isNaN();
          } else {
            double bound = EXP_ERROR * expected;
            assertThat((double) y[i]).as("exp(%s)", value).isCloseTo(expected, within(bound));
          }
        }
      }
    }
  }

  @Test
  void expScalesShiftsAndMayOverwriteItsArgument() {
    float[] x = new float[40];
    for (int i = 0; i < x.length; i++) {
      x[i] = i;
    }
    float[] inPlace = x.clone();
    float[] beside = new float[40];
    VectorMath.exp(beside, 1, x, 2, 35, -0.5f, 3);
    VectorMath.exp(inPlace, 2, inPlace, 2, 35, -0.5f, 3);
    for (int i = 2; i < 37; i++) {
      double expected = Math.exp(-0.5 * (i - 3));
      assertThat((double) beside[i - 1]).isCloseTo(expected, within(EXP_ERROR * expected));
      assertThat(inPlace[i]).isEqualTo(beside[i - 1]);
    }
    assertThat(new float[] {beside[0], beside[36], beside[37]}).containsOnly(0f);
    assertThat(new float[] {inPlace[0], inPlace[1], inPlace[37]}).containsExactly(0, 1, 37);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 3, 4, 15, 16, 17, 31, 32, 33, 100})
  void dotMultipliesWhatItIsToldTo(int n) {
    float[] a = new float[n + 10];
    float[] b = new float[n + 10];
    Arrays.fill(a, Float.NaN);
    Arrays.fill(b, Float.NaN);
    int expected = 0;
    for (int i = 0; i < n; i++) {
      a[3 + i] = i + 1;
      b[5 + i] = 2 - i % 5;
      expected += (i + 1) * (2 - i % 5); // small integers: exact in floats
    }
    assertThat(VectorMath.dot(a, 3, b, 5, n)).isEqualTo(expected);
  }
}
