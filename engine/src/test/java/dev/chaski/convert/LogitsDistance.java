package dev.chaski.convert;

import dev.chaski.Chaski;
import dev.chaski.Options;
import dev.chaski.kernels.TensorType;
import dev.chaski.model.Activations;
import dev.chaski.model.Batch;
import dev.chaski.model.KvCache;
import dev.chaski.model.LlamaModel;
import java.io.IOException;
import java.nio.file.Path;

/**
 * How far the logits of two files of the same model are apart.
 *
 * @param relative root mean square difference, as part of the first file's root mean square
 * @param kl mean divergence of the second file's distribution from the first's, in nats
 */
record LogitsDistance(double relative, double kl) {
  /** Distance of rows of logits. */
  static LogitsDistance between(float[][] expected, float[][] actual) {
    double errors = 0;
    double squares = 0;
    double kl = 0;
    for (int i = 0; i < expected.length; i++) {
      double expectedLog = logSumExp(expected[i]);
      double actualLog = logSumExp(actual[i]);
      for (int j = 0; j < expected[i].length; j++) {
        errors += Math.pow((double) actual[i][j] - expected[i][j], 2);
        squares += Math.pow(expected[i][j], 2);
        double log = expected[i][j] - expectedLog;
        kl += Math.exp(log) * (log - (actual[i][j] - actualLog)) / expected.length;
      }
    }
    return new LogitsDistance(Math.sqrt(errors / squares), kl);
  }

  /** Logits of a file after each of the ids. */
  static float[][] logits(Path file, int... ids) throws IOException {
    try (Chaski chaski = Chaski.open(file, Options.defaults().withThreads(2))) {
      LlamaModel model = chaski.loaded().model();
      Activations a = model.newActivations();
      Batch batch = new Batch();
      float[][] rows = new float[ids.length][model.config().vocabSize()];
      try (KvCache cache = model.newCache(TensorType.F32, ids.length)) {
        for (int id : ids) {
          batch.add(cache, id, true);
        }
        model.forward(batch, a);
        for (int i = 0; i < rows.length; i++) {
          model.readLogits(a, i, rows[i]);
        }
      }
      return rows;
    }
  }

  private static double logSumExp(float[] row) {
    double largest = Double.NEGATIVE_INFINITY;
    for (float value : row) {
      largest = Math.max(largest, value);
    }
    double sum = 0;
    for (float value : row) {
      sum += Math.exp(value - largest);
    }
    return largest + Math.log(sum);
  }
}
