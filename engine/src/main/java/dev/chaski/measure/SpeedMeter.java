package dev.chaski.measure;

import dev.chaski.kernels.TensorType;
import dev.chaski.model.Activations;
import dev.chaski.model.Batch;
import dev.chaski.model.KvCache;
import dev.chaski.model.LlamaModel;
import java.time.Duration;
import java.util.SplittableRandom;

/**
 * Times a test on a model, run by run. Tokens are random, always the same: what they mean does not
 * change the time. Nothing is sampled; the logits of every generated token, and of the last one of
 * a prompt, are computed and read. For one thread at a time; {@link #close} frees the context.
 */
public final class SpeedMeter implements AutoCloseable {
  private static final long SEED = 1;

  private final LlamaModel model;
  private final SpeedTest test;
  private final int batchSize;
  private final KvCache cache;
  private final Activations activations;
  private final Batch batch = new Batch();
  private final float[] logits; // (vocab)
  private final int[] tokens; // of the depth, the prompt and the generation

  /**
   * Makes room for a test.
   *
   * @param kvType how keys and values are stored
   * @param batchSize tokens of the prompt in one pass, at least 1
   */
  public SpeedMeter(LlamaModel model, SpeedTest test, TensorType kvType, int batchSize) {
    if (batchSize < 1) {
      throw new IllegalArgumentException("batchSize is " + batchSize + ", it must be 1 or more");
    }
    this.model = model;
    this.test = test;
    this.batchSize = batchSize;
    this.cache = model.newCache(kvType, test.positions());
    this.activations = model.newActivations();
    this.logits = new float[model.config().vocabSize()];
    this.tokens =
        new SplittableRandom(SEED).ints(test.positions(), 0, model.config().vocabSize()).toArray();
  }

  /**
   * Runs the test once. The context before it is computed by the first run and kept.
   *
   * @return what the timed tokens took
   */
  public Duration run() {
    if (cache.length() < test.depth()) {
      prefill(cache.length(), test.depth());
    }
    cache.truncate(test.depth());
    int promptEnd = test.depth() + test.promptTokens();
    long start = System.nanoTime();
    prefill(test.depth(), promptEnd);
    for (int i = promptEnd; i < tokens.length; i++) {
      pass(i, i + 1);
      model.readLogits(activations, 0, logits);
    }
    return Duration.ofNanos(System.nanoTime() - start);
  }

  private void prefill(int from, int to) {
    for (int at = from; at < to; at += batchSize) {
      pass(at, Math.min(to, at + batchSize));
    }
    if (from < to) {
      model.readLogits(activations, 0, logits);
    }
  }

  /** One pass over tokens, the last of which wants logits. */
  private void pass(int from, int to) {
    batch.clear();
    for (int i = from; i < to; i++) {
      batch.add(cache, tokens[i], i == to - 1);
    }
    model.forward(batch, activations);
  }

  @Override
  public void close() {
    cache.close();
  }
}
