package dev.chaski.generate;

import dev.chaski.model.Activations;
import dev.chaski.model.Batch;
import dev.chaski.model.KvCache;
import dev.chaski.model.LlamaModel;
import dev.chaski.model.NonFiniteSearch;
import dev.chaski.sample.UnusableLogitsException;

/** Makes vectors of texts: the model's last hidden states, after the final norm. */
public final class Embedder {
  private final LlamaModel model;
  private final int batchSize;

  /**
   * An embedder. Safe to share between threads.
   *
   * @param batchSize tokens of one forward pass
   */
  public Embedder(LlamaModel model, int batchSize) {
    this.model = model;
    this.batchSize = batchSize;
  }

  /**
   * The vector of a text.
   *
   * @param tokens at least one
   * @param cache empty, with room for the tokens; filled afterwards
   * @return (hidden), of length 1
   * @throws IllegalArgumentException if there are no tokens, or more than the cache can hold
   * @throws UnusableLogitsException if the model computed NaN or infinity, with the layer
   */
  public float[] embed(int[] tokens, Pooling pooling, KvCache cache) {
    if (tokens.length == 0 || tokens.length > cache.maxLength()) {
      throw new IllegalArgumentException(
          "the text has %d tokens, it must have 1 to %d; shorten it or use a larger context"
              .formatted(tokens.length, cache.maxLength()));
    }
    Activations activations = model.newActivations();
    Batch batch = new Batch();
    float[] state = new float[model.config().hiddenSize()];
    double[] sum = new double[state.length];
    for (int from = 0; from < tokens.length; from += batchSize) {
      int to = Math.min(tokens.length, from + batchSize);
      batch.clear();
      for (int i = from; i < to; i++) {
        batch.add(cache, tokens[i], pooling == Pooling.MEAN || i == tokens.length - 1);
      }
      model.hiddenStates(batch, activations);
      for (int row = 0; row < batch.outputs(); row++) {
        model.readHidden(activations, row, state);
        int bad = NonFiniteSearch.firstIn(state);
        if (bad >= 0) {
          throw unusable(state[bad], cache, tokens, to - batch.outputs() + row);
        }
        for (int i = 0; i < sum.length; i++) {
          sum[i] += state[i];
        }
      }
    }
    return normalised(sum);
  }

  private UnusableLogitsException unusable(float value, KvCache cache, int[] tokens, int at) {
    cache.truncate(at);
    return UnusableLogitsException.notFinite(
        value,
        "the state of token %d of the text, %d".formatted(at, tokens[at]),
        new NonFiniteSearch(model).find(cache, tokens[at]));
  }

  private static float[] normalised(double[] vector) {
    double squares = 0;
    for (double value : vector) {
      squares += value * value;
    }
    double scale = squares == 0 ? 0 : 1 / Math.sqrt(squares);
    float[] unit = new float[vector.length];
    for (int i = 0; i < unit.length; i++) {
      unit[i] = (float) (vector[i] * scale);
    }
    return unit;
  }
}
