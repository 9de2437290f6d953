package dev.chaski.model;

import dev.chaski.kernels.IntTensor;
import dev.chaski.kernels.Kernels;
import dev.chaski.kernels.Tensor;
import dev.chaski.kernels.Weight;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Finds out where a pass stops computing with numbers, once its logits are NaN or infinite: runs
 * its beginnings, as a NaN or an infinity that has entered the residual stream stays in it.
 */
public final class NonFiniteSearch {
  private static final int ROWS = 64;

  private final LlamaModel model;
  private final Activations activations;

  /** A search in this model. */
  public NonFiniteSearch(LlamaModel model) {
    this.model = model;
    this.activations = model.newActivations();
  }

  /** The first value that is NaN or infinite, or -1. */
  public static int firstIn(float[] values) {
    int largest = 0;
    for (float value : values) { // a loop that is compiled to vector code
      largest = Math.max(largest, Float.floatToRawIntBits(value) & Integer.MAX_VALUE);
    }
    if (largest < Float.floatToRawIntBits(Float.POSITIVE_INFINITY)) {
      return -1;
    }
    int i = 0;
    while (Float.isFinite(values[i])) {
      i++;
    }
    return i;
  }

  /**
   * Says where the numbers end in the pass of one token, in words that follow "first in": the
   * embedding of the token, a layer, or the output; and which weight there is none, if one is.
   *
   * @param cache what came before the token; as long afterwards as it was
   * @throws java.io.UncheckedIOException if the weights cannot be read any more
   */
  public String find(KvCache cache, int token) {
    try {
      return search(cache, token);
    } catch (InternalError e) {
      throw model.guard().lost(e);
    }
  }

  private String search(KvCache cache, int token) {
    if (!isFiniteAfter(0, cache, token)) {
      return "the embedding of token " + token;
    }
    int layers = model.weights().layers().size();
    if (isFiniteAfter(layers, cache, token)) {
      return "the output"
          + damage(model.kernels(), outputWeights()).orElse(": the logits overflow");
    }
    int good = 0;
    int bad = layers;
    while (bad - good > 1) {
      int middle = (good + bad) >>> 1;
      if (isFiniteAfter(middle, cache, token)) {
        good = middle;
      } else {
        bad = middle;
      }
    }
    return "layer %d of %d%s"
        .formatted(
            bad - 1,
            layers,
            damage(
                    model.placement().ofLayer(bad - 1, model.config()),
                    weights(model.weights().layers().get(bad - 1)))
                .orElse(": its weights are finite, its results are not"));
  }

  private boolean isFiniteAfter(int layers, KvCache cache, int token) {
    int length = cache.length();
    Batch batch = new Batch();
    batch.add(cache, token, true); // or its last layer would not be computed to the end
    model.cutTo(layers).hiddenStates(batch, activations);
    cache.truncate(length);
    return isFinite(model.kernels(), activations.upper().x(), 0);
  }

  private Map<String, Object> outputWeights() {
    Map<String, Object> weights = new LinkedHashMap<>();
    weights.put("outputNorm", model.weights().outputNorm());
    weights.put("output", model.weights().output());
    return weights;
  }

  private static Map<String, Object> weights(LayerWeights layer) {
    Map<String, Object> weights = new LinkedHashMap<>();
    weights.put("attnNorm", layer.attnNorm());
    weights.put("wq", layer.wq());
    weights.put("wk", layer.wk());
    weights.put("wv", layer.wv());
    weights.put("wo", layer.wo());
    weights.put("ffnNorm", layer.ffnNorm());
    weights.put("wGate", layer.wGate());
    weights.put("wUp", layer.wUp());
    weights.put("wDown", layer.wDown());
    return weights;
  }

  private static Optional<String> damage(Kernels kernels, Map<String, Object> weights) {
    for (Map.Entry<String, Object> weight : weights.entrySet()) {
      int row =
          switch (weight.getValue()) {
            case Tensor norm -> isFinite(kernels, norm, 0) ? -1 : 0;
            case Weight matrix -> firstBadRow(kernels, matrix);
            case Object other -> throw new IllegalStateException(other.toString());
          };
      if (row >= 0) {
        return Optional.of(
            ": its weight %s holds NaN or infinity in row %d".formatted(weight.getKey(), row));
      }
    }
    return Optional.empty();
  }

  /** Reads the matrix as an embedding is read. */
  private static int firstBadRow(Kernels kernels, Weight matrix) {
    Tensor decoded = kernels.tensor(ROWS, matrix.columns());
    IntTensor ids = kernels.ints();
    for (int from = 0; from < matrix.rows(); from += ROWS) {
      int count = Math.min(ROWS, matrix.rows() - from);
      int[] rows = new int[count];
      for (int i = 0; i < count; i++) {
        rows[i] = from + i;
      }
      ids.set(rows, count);
      decoded.resize(count);
      kernels.embed(decoded, matrix, ids);
      for (int i = 0; i < count; i++) {
        if (!isFinite(kernels, decoded, i)) {
          return from + i;
        }
      }
    }
    return -1;
  }

  private static boolean isFinite(Kernels kernels, Tensor tensor, int row) {
    float[] values = new float[tensor.columns()];
    kernels.read(tensor, row, values, 0);
    return firstIn(values) < 0;
  }
}
