package dev.chaski.model;

import dev.chaski.kernels.IntTensor;
import dev.chaski.kernels.Kernels;
import dev.chaski.kernels.Tensor;

/**
 * The scratch of one running pass, n rows. Grows to the largest batch it has seen; one for each
 * pass that runs at the same time.
 */
public final class Activations {
  private final Scratch lower; // of the first layers
  private final Scratch upper; // of the last layers; the same unless the model is split
  private final Scratch wanted; // of the last layer: rows that want logits, if others do not
  private final Tensor last; // (outputs, hidden)
  private final Tensor logits; // (outputs, vocab)
  private final IntTensor outputRows; // outputs
  private float[] states = new float[0]; // on their way from the lower layers to the upper ones

  Activations(Placement placement, LlamaConfig config) {
    Kernels output = placement.ofOutput();
    upper = new Scratch(output, config);
    lower = placement.isSplit(config) ? new Scratch(placement.ofEmbedding(config), config) : upper;
    wanted = new Scratch(output, config);
    last = output.tensor(0, config.hiddenSize());
    logits = output.tensor(0, config.vocabSize());
    outputRows = output.ints();
  }

  /** Bytes that a batch of {@code rows} tokens takes, of which one wants logits. */
  public static long byteSize(LlamaConfig config, int rows) {
    return Float.BYTES
        * ((rows + 1) * Scratch.columns(config) + config.hiddenSize() + config.vocabSize());
  }

  /** Sizes everything for a batch and takes its numbers. */
  void prepare(Batch batch) {
    lower.prepare(batch);
    if (isSplit()) {
      upper.prepare(batch);
    }
    if (batch.outputs() < batch.size()) {
      wanted.prepareOutputs(batch);
    }
    last.resize(batch.outputs());
    outputRows.set(batch.outputRows(), batch.outputs());
  }

  /** Whether other kernels compute the last layers than the first ones. */
  boolean isSplit() {
    return !lower.equals(upper);
  }

  /** Takes the states of all tokens from the lower layers to the upper ones. */
  void moveUp() {
    int size = lower.x().rows() * lower.x().columns();
    if (size > states.length) {
      states = new float[size];
    }
    lower.kernels().readRows(lower.x(), states);
    upper.kernels().writeRows(upper.x(), states);
  }

  /** What the first layers write. */
  Scratch lower() {
    return lower;
  }

  /** What the last layers write. */
  Scratch upper() {
    return upper;
  }

  /** What the last layer writes once nothing but the rows that want logits is of use. */
  Scratch wanted() {
    return wanted;
  }

  /** States of the rows that wanted logits. */
  Tensor last() {
    return last;
  }

  /** The result of the last pass: (outputs, vocab), one row for each token that wanted logits. */
  public Tensor logits() {
    return logits;
  }

  IntTensor outputRows() {
    return outputRows;
  }
}
