package dev.chaski.model;

import dev.chaski.kernels.IntTensor;
import dev.chaski.kernels.Kernels;
import dev.chaski.kernels.Tensor;

/**
 * The scratch of one running pass, n rows. Grows to the largest batch it has seen; one for each
 * pass that runs at the same time.
 */
public final class Activations {
  private final Tensor x; // (n, hidden): the residual stream
  private final Tensor normed; // (n, hidden)
  private final Tensor q; // (n, numHeads * headDim)
  private final Tensor k; // (n, numKvHeads * headDim)
  private final Tensor v; // (n, numKvHeads * headDim)
  private final Tensor angles; // (n, headDim): cos, sin pairs
  private final Tensor attnOut; // (n, numHeads * headDim)
  private final Tensor gate; // (n, intermediate)
  private final Tensor up; // (n, intermediate)
  private final Tensor last; // (outputs, hidden)
  private final Tensor logits; // (outputs, vocab)
  private final IntTensor tokens; // n
  private final IntTensor positions; // n
  private final IntTensor sequences; // n
  private final IntTensor outputRows; // outputs

  Activations(Kernels kernels, LlamaConfig config) {
    x = kernels.tensor(0, config.hiddenSize());
    normed = kernels.tensor(0, config.hiddenSize());
    q = kernels.tensor(0, config.queryColumns());
    k = kernels.tensor(0, config.kvColumns());
    v = kernels.tensor(0, config.kvColumns());
    angles = kernels.tensor(0, config.headDim());
    attnOut = kernels.tensor(0, config.queryColumns());
    gate = kernels.tensor(0, config.intermediateSize());
    up = kernels.tensor(0, config.intermediateSize());
    last = kernels.tensor(0, config.hiddenSize());
    logits = kernels.tensor(0, config.vocabSize());
    tokens = kernels.ints();
    positions = kernels.ints();
    sequences = kernels.ints();
    outputRows = kernels.ints();
  }

  /** Bytes that a batch of {@code rows} tokens takes, of which one wants logits. */
  public static long byteSize(LlamaConfig config, int rows) {
    long perRow =
        2L * config.hiddenSize()
            + 2L * config.queryColumns()
            + 2L * config.kvColumns()
            + config.headDim()
            + 2L * config.intermediateSize();
    return Float.BYTES * (rows * perRow + config.hiddenSize() + config.vocabSize());
  }

  /** Sizes everything for a batch and takes its numbers. */
  void prepare(Batch batch) {
    int n = batch.size();
    for (Tensor tensor : new Tensor[] {x, normed, q, k, v, angles, attnOut, gate, up}) {
      tensor.resize(n);
    }
    last.resize(batch.outputs());
    tokens.set(batch.tokens(), n);
    positions.set(batch.positions(), n);
    sequences.set(batch.sequences(), n);
    outputRows.set(batch.outputRows(), batch.outputs());
  }

  Tensor x() {
    return x;
  }

  Tensor normed() {
    return normed;
  }

  Tensor q() {
    return q;
  }

  Tensor k() {
    return k;
  }

  Tensor v() {
    return v;
  }

  Tensor angles() {
    return angles;
  }

  Tensor attnOut() {
    return attnOut;
  }

  Tensor gate() {
    return gate;
  }

  Tensor up() {
    return up;
  }

  Tensor last() {
    return last;
  }

  /** The result of the last pass: (outputs, vocab), one row for each token that wanted logits. */
  public Tensor logits() {
    return logits;
  }

  IntTensor tokens() {
    return tokens;
  }

  IntTensor positions() {
    return positions;
  }

  IntTensor sequences() {
    return sequences;
  }

  IntTensor outputRows() {
    return outputRows;
  }
}
