package dev.chaski.model;

/** Distance of computed logits from reference logits, over many rows. */
final class LogitsError {
  private double maxAbs;
  private double squares;
  private double kl;
  private long values;
  private int rows;
  private int sameTop;

  /** Adds a row. */
  void add(float[] reference, float[] actual) {
    for (int i = 0; i < reference.length; i++) {
      // Not Math.max, which would let a NaN pass unseen in a comparison.
      double error = Math.abs((double) actual[i] - reference[i]);
      maxAbs = error <= maxAbs ? maxAbs : error;
      squares += error * error;
    }
    values += reference.length;
    rows++;
    kl += divergence(reference, actual);
    sameTop += argmax(reference) == argmax(actual) ? 1 : 0;
  }

  /** KL(softmax(reference) || softmax(actual)). */
  private static double divergence(float[] reference, float[] actual) {
    double referenceLog = logSumExp(reference);
    double actualLog = logSumExp(actual);
    double sum = 0;
    for (int i = 0; i < reference.length; i++) {
      double log = reference[i] - referenceLog;
      sum += Math.exp(log) * (log - (actual[i] - actualLog));
    }
    return sum;
  }

  private static double logSumExp(float[] row) {
    double max = row[argmax(row)];
    double sum = 0;
    for (float value : row) {
      sum += Math.exp(value - max);
    }
    return max + Math.log(sum);
  }

  private static int argmax(float[] row) {
    int best = 0;
    for (int i = 1; i < row.length; i++) {
      best = row[i] > row[best] ? i : best;
    }
    return best;
  }

  /** Largest error of one logit. */
  double maxAbs() {
    return maxAbs;
  }

  /** Root mean square error. */
  double rms() {
    return Math.sqrt(squares / values);
  }

  /** Mean divergence of a row. */
  double kl() {
    return kl / rows;
  }

  /** All of it in a line, relative to {@code r}, the size of the logits. */
  String report(double r) {
    return "%d rows: max abs %.2g R, rms %.2g R, KL %.2g, %d with the same best token"
        .formatted(rows, maxAbs / r, rms() / r, kl(), sameTop);
  }
}
