package dev.chaski.measure;

import dev.chaski.kernels.TensorType;
import dev.chaski.model.Activations;
import dev.chaski.model.Batch;
import dev.chaski.model.KvCache;
import dev.chaski.model.LlamaModel;
import dev.chaski.model.NonFiniteSearch;
import dev.chaski.sample.LogProbs;
import dev.chaski.sample.UnusableLogitsException;
import java.util.OptionalInt;
import java.util.function.Consumer;

/**
 * How surprised a model is by a text: the exponential of the mean negative log-likelihood of its
 * tokens. Counted as llama-perplexity does, so that figures can be compared: the text is cut into
 * chunks of the context's length, each is computed on its own, the first token of each is replaced
 * by the one that begins texts, and only tokens in the second half are scored, so that all have
 * half a context before them. What does not fill a chunk is left out.
 */
public final class Perplexity {
  /** Bytes of logits in one pass, at most. */
  private static final long MOST_LOGITS = 64L << 20;

  private final LlamaModel model;
  private final TensorType kvType;
  private final int contextLength;
  private final int batchSize;
  private final OptionalInt bos;

  /**
   * How to count.
   *
   * @param kvType how keys and values are stored
   * @param contextLength tokens of a chunk, at least 4
   * @param batchSize tokens of one pass, at least 1
   * @param bos the token that begins a text, if the model wants one
   */
  public Perplexity(
      LlamaModel model, TensorType kvType, int contextLength, int batchSize, OptionalInt bos) {
    if (contextLength < 4) {
      throw new IllegalArgumentException(
          "contextLength is " + contextLength + ", it must be 4 or more");
    }
    if (batchSize < 1) {
      throw new IllegalArgumentException("batchSize is " + batchSize + ", it must be 1 or more");
    }
    this.model = model;
    this.kvType = kvType;
    this.contextLength = contextLength;
    this.batchSize = batchSize;
    this.bos = bos;
  }

  /**
   * The estimate so far.
   *
   * @param chunks chunks it is made of
   * @param scored tokens that were scored
   * @param meanLoss mean negative log-likelihood of a token, natural logarithm
   * @param meanSquare mean of its square
   */
  public record Estimate(int chunks, long scored, double meanLoss, double meanSquare) {
    /** {@code exp(meanLoss)}. */
    public double perplexity() {
      return Math.exp(meanLoss);
    }

    /** Standard error of {@link #perplexity}, as if tokens were independent. */
    public double error() {
      double variance = Math.max(0, meanSquare - meanLoss * meanLoss);
      return scored < 2 ? 0 : perplexity() * Math.sqrt(variance / (scored - 1));
    }

    private Estimate plus(double losses, double squares, int tokens) {
      long all = scored + tokens;
      return new Estimate(
          chunks + 1,
          all,
          (meanLoss * scored + losses) / all,
          (meanSquare * scored + squares) / all);
    }
  }

  /**
   * Scores a text.
   *
   * @param ids its tokens, the one that begins texts included; at least two chunks
   * @param maxChunks chunks to score at most
   * @param afterChunk hears of the estimate as it gets better
   * @throws IllegalArgumentException if the text is too short, or {@code maxChunks} is not positive
   * @throws UnusableLogitsException if the model computed NaN or infinity, with the layer
   */
  public Estimate measure(int[] ids, int maxChunks, Consumer<Estimate> afterChunk) {
    if (maxChunks < 1) {
      throw new IllegalArgumentException("maxChunks is " + maxChunks + ", it must be 1 or more");
    }
    if (ids.length < 2L * contextLength) {
      throw new IllegalArgumentException(
          "the text has %d tokens, it needs %d for two chunks of %d; give a longer one or a shorter"
                  .formatted(ids.length, 2L * contextLength, contextLength)
              + " context");
    }
    Estimate estimate = new Estimate(0, 0, 0, 0);
    Activations activations = model.newActivations();
    try (KvCache cache = model.newCache(kvType, contextLength)) {
      int chunks = Math.min(maxChunks, ids.length / contextLength);
      for (int chunk = 0; chunk < chunks; chunk++) {
        cache.truncate(0);
        estimate = score(ids, chunk * contextLength, cache, activations, estimate);
        afterChunk.accept(estimate);
      }
    }
    return estimate;
  }

  private Estimate score(
      int[] ids, int start, KvCache cache, Activations activations, Estimate before) {
    int vocabSize = model.config().vocabSize();
    int firstScored = contextLength / 2; // whose successor is the first to be scored
    int end = contextLength - 1; // the last token has no successor
    int scoredBatch = Math.clamp(MOST_LOGITS / ((long) Float.BYTES * vocabSize), 1, batchSize);
    float[] row = new float[vocabSize];
    Batch batch = new Batch();
    double losses = 0;
    double squares = 0;
    int at = 0;
    while (at < end) {
      boolean isScored = at >= firstScored;
      int to = isScored ? Math.min(end, at + scoredBatch) : Math.min(firstScored, at + batchSize);
      batch.clear();
      for (int i = at; i < to; i++) {
        batch.add(cache, token(ids, start, i), isScored);
      }
      model.forward(batch, activations);
      for (int i = at; isScored && i < to; i++) {
        model.readLogits(activations, i - at, row);
        int bad = NonFiniteSearch.firstIn(row);
        if (bad >= 0) {
          cache.truncate(i);
          throw UnusableLogitsException.notFinite(
              row[bad],
              "the logit of token %d of %d behind token %d of the text"
                  .formatted(bad, vocabSize, start + i),
              new NonFiniteSearch(model).find(cache, token(ids, start, i)));
        }
        double loss = -LogProbs.of(row, 0, vocabSize).logProb(ids[start + i + 1]);
        losses += loss;
        squares += loss * loss;
      }
      at = to;
    }
    return before.plus(losses, squares, end - firstScored);
  }

  /** Token {@code i} of the chunk that begins at {@code start}. */
  private int token(int[] ids, int start, int i) {
    return i == 0 && bos.isPresent() ? bos.getAsInt() : ids[start + i];
  }
}
