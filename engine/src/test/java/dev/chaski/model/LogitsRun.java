package dev.chaski.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.chaski.kernels.TensorType;

/** Runs a model over token ids, for comparison with references. */
final class LogitsRun {
  private LogitsRun() {}

  /** Logits after every token, in one pass. */
  static float[][] logits(LlamaModel model, TensorType kvType, int[] ids) {
    Activations a = model.newActivations();
    try (KvCache cache = model.newCache(kvType, ids.length)) {
      Batch batch = new Batch();
      for (int id : ids) {
        batch.add(cache, id, true);
      }
      model.forward(batch, a);
      float[][] rows = new float[ids.length][model.config().vocabSize()];
      for (int i = 0; i < ids.length; i++) {
        model.kernels().read(a.logits(), i, rows[i], 0);
      }
      return rows;
    }
  }

  /** Logits after every token, each in a pass of its own: a matrix times a vector. */
  static float[][] logitsOneByOne(LlamaModel model, TensorType kvType, int[] ids) {
    Activations a = model.newActivations();
    try (KvCache cache = model.newCache(kvType, ids.length)) {
      float[][] rows = new float[ids.length][model.config().vocabSize()];
      for (int i = 0; i < ids.length; i++) {
        Batch batch = new Batch();
        batch.add(cache, ids[i], true);
        model.forward(batch, a);
        model.kernels().read(a.logits(), 0, rows[i], 0);
      }
      return rows;
    }
  }

  /**
   * Checks a greedy continuation token by token, up to the first that is too close to call: what
   * follows it would be another text.
   *
   * @param margins lead of each expected token over the second best
   * @param closest margin that decides nothing
   */
  static void checkGreedy(
      LlamaModel model,
      TensorType kvType,
      int[] prompt,
      int[] expected,
      double[] margins,
      double closest) {
    Activations a = model.newActivations();
    try (KvCache cache = model.newCache(kvType, prompt.length + expected.length)) {
      Batch batch = new Batch();
      for (int i = 0; i < prompt.length; i++) {
        batch.add(cache, prompt[i], i == prompt.length - 1);
      }
      for (int step = 0; step < expected.length && margins[step] >= closest; step++) {
        model.forward(batch, a);
        int token = model.kernels().argmax(a.logits(), 0);
        assertThat(token).as("greedy token %d", step).isEqualTo(expected[step]);
        batch.clear();
        batch.add(cache, token, true);
      }
    }
  }
}
