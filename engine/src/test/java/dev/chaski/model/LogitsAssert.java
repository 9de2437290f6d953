package dev.chaski.model;

import static org.assertj.core.api.Assertions.assertThat;

/** Compares rows of logits; a failure names the worst element. */
final class LogitsAssert {
  private LogitsAssert() {}

  static void assertClose(String what, float[][] actual, float[][] expected, double tolerance) {
    double[][] wide = new double[expected.length][];
    for (int i = 0; i < wide.length; i++) {
      wide[i] = new double[expected[i].length];
      for (int j = 0; j < wide[i].length; j++) {
        wide[i][j] = expected[i][j];
      }
    }
    assertClose(what, actual, wide, tolerance);
  }

  static void assertClose(String what, float[][] actual, double[][] expected, double tolerance) {
    assertThat(actual.length).as("%s: rows", what).isEqualTo(expected.length);
    int worstRow = 0;
    int worstColumn = 0;
    double worst = -1;
    for (int i = 0; i < actual.length; i++) {
      assertThat(actual[i].length)
          .as("%s: columns of row %d", what, i)
          .isEqualTo(expected[i].length);
      for (int j = 0; j < actual[i].length; j++) {
        double error = Math.abs(actual[i][j] - expected[i][j]);
        if (!(error <= worst)) { // a NaN is the worst
          worst = error;
          worstRow = i;
          worstColumn = j;
        }
      }
    }
    assertThat(worst)
        .as(
            "%s: worst at row %d, token %d: %s instead of %s",
            what,
            worstRow,
            worstColumn,
            actual[worstRow][worstColumn],
            expected[worstRow][worstColumn])
        .isLessThanOrEqualTo(tolerance);
  }
}
