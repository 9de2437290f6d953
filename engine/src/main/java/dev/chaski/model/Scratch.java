package dev.chaski.model;

import dev.chaski.kernels.IntTensor;
import dev.chaski.kernels.Kernels;
import dev.chaski.kernels.Tensor;

/** What the layers of one kernels write while a pass runs, n rows. */
final class Scratch {
  private final Kernels kernels;
  private final Tensor x; // (n, hidden): the residual stream
  private final Tensor normed; // (n, hidden)
  private final Tensor q; // (n, numHeads * headDim)
  private final Tensor k; // (n, numKvHeads * headDim)
  private final Tensor v; // (n, numKvHeads * headDim)
  private final Tensor angles; // (n, headDim): cos, sin pairs
  private final Tensor attnOut; // (n, numHeads * headDim)
  private final Tensor gate; // (n, intermediate)
  private final Tensor up; // (n, intermediate)
  private final IntTensor tokens; // n
  private final IntTensor positions; // n
  private final IntTensor sequences; // n

  Scratch(Kernels kernels, LlamaConfig config) {
    this.kernels = kernels;
    x = kernels.tensor(0, config.hiddenSize());
    normed = kernels.tensor(0, config.hiddenSize());
    q = kernels.tensor(0, config.queryColumns());
    k = kernels.tensor(0, config.kvColumns());
    v = kernels.tensor(0, config.kvColumns());
    angles = kernels.tensor(0, config.headDim());
    attnOut = kernels.tensor(0, config.queryColumns());
    gate = kernels.tensor(0, config.intermediateSize());
    up = kernels.tensor(0, config.intermediateSize());
    tokens = kernels.ints();
    positions = kernels.ints();
    sequences = kernels.ints();
  }

  /** Values of each row. */
  static long columns(LlamaConfig config) {
    return 2L * config.hiddenSize()
        + 2L * config.queryColumns()
        + 2L * config.kvColumns()
        + config.headDim()
        + 2L * config.intermediateSize();
  }

  /** Sizes everything for a batch and takes its numbers. */
  void prepare(Batch batch) {
    int n = batch.size();
    for (Tensor tensor : new Tensor[] {x, normed, q, k, v, angles, attnOut, gate, up}) {
      tensor.resize(n);
    }
    tokens.set(batch.tokens(), n);
    positions.set(batch.positions(), n);
    sequences.set(batch.sequences(), n);
  }

  /** Sizes everything for the rows of a batch that want logits, and takes their numbers. */
  void prepareOutputs(Batch batch) {
    int n = batch.outputs();
    for (Tensor tensor : new Tensor[] {x, normed, q, angles, attnOut, gate, up}) {
      tensor.resize(n);
    }
    positions.set(batch.outputPositions(), n);
    sequences.set(batch.outputSequences(), n);
  }

  /** What computes here. */
  Kernels kernels() {
    return kernels;
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

  IntTensor tokens() {
    return tokens;
  }

  IntTensor positions() {
    return positions;
  }

  IntTensor sequences() {
    return sequences;
  }
}
