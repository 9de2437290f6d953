package dev.chaski.benchmarks;

/** Checks that a benchmark computes what it says: a wrong answer may be as fast as it likes. */
final class Answers {
  private Answers() {}

  /**
   * Requires a float result to be near to one in double.
   *
   * @param tolerance largest difference
   * @throws IllegalStateException if it is not
   */
  static void requireClose(String what, double actual, double expected, double tolerance) {
    if (!(Math.abs(actual - expected) <= tolerance)) {
      throw new IllegalStateException(
          "wrong answer: %s is %s, expected %s ± %s".formatted(what, actual, expected, tolerance));
    }
  }

  /**
   * Requires something to be true.
   *
   * @throws IllegalStateException if it is not
   */
  static void require(String what, boolean isTrue) {
    if (!isTrue) {
      throw new IllegalStateException("wrong answer: " + what);
    }
  }
}
