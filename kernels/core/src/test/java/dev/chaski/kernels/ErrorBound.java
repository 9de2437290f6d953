package dev.chaski.kernels;

import static org.assertj.core.api.Assertions.fail;

/**
 * Compares a float result with a float64 reference, element by element, each with its own bound; a
 * failure prints the worst element. Bounds follow Higham, Accuracy and Stability of Numerical
 * Algorithms, chapter 3.
 */
final class ErrorBound {
  /** Unit roundoff of a float. */
  static final double UNIT = 0x1p-24;

  /** What a rounding can lose when the result is subnormal. */
  static final double TINY = Float.MIN_VALUE;

  private final String what;
  private double worst = -1; // error / bound
  private String worstElement = "";
  private int outside;
  private int checked;

  /**
   * @param what names the operation, the shape and the seed in a failure
   */
  ErrorBound(String what) {
    this.what = what;
  }

  /** {@code γ(n) = n·u / (1 - n·u)}: the relative error of {@code n} roundings, at most. */
  static double gamma(int n) {
    return n * UNIT / (1 - n * UNIT);
  }

  void check(int row, int column, double expected, float actual, double bound) {
    checked++;
    double error = Math.abs(actual - expected);
    double ratio = error == 0 ? 0 : error / bound;
    if (!(ratio <= 1)) { // NaN is outside
      outside++;
      ratio = Double.isNaN(ratio) ? Double.POSITIVE_INFINITY : ratio;
    }
    if (ratio > worst) {
      worst = ratio;
      worstElement =
          String.format(
              "row %d, column %d: expected %s, actual %s, error %.3g, bound %.3g",
              row, column, expected, actual, error, bound);
    }
  }

  void verify() {
    if (checked == 0) {
      fail(what + ": nothing was compared");
    }
    if (outside > 0) {
      fail("%s: %d of %d outside; worst %s", what, outside, checked, worstElement);
    }
  }
}
