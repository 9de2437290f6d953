package dev.chaski.model;

import dev.chaski.kernels.Kernels;
import dev.chaski.kernels.KvRows;
import dev.chaski.kernels.KvSlab;
import dev.chaski.kernels.RopeFrequencies;
import dev.chaski.kernels.Tensor;
import dev.chaski.kernels.TensorType;
import java.util.ArrayList;
import java.util.List;

/**
 * A Llama decoder. Holds no state of any sequence: safe to share between threads, each with its own
 * {@link Activations} and {@link KvCache}. Source: Touvron et al. 2023, Dubey et al. 2024.
 */
public final class LlamaModel {
  private final LlamaConfig config;
  private final LlamaWeights weights;
  private final Placement placement;
  private final RopeFrequencies rope;
  private final WeightsGuard guard;

  /** A model whose weights stay where they are. */
  public LlamaModel(LlamaConfig config, LlamaWeights weights, Placement placement) {
    this(config, weights, placement, WeightsGuard.NONE);
  }

  /**
   * A model.
   *
   * @param weights made by the kernels of their place
   * @param placement which kernels compute what
   * @param guard watches over the weights
   */
  public LlamaModel(
      LlamaConfig config, LlamaWeights weights, Placement placement, WeightsGuard guard) {
    this.config = config;
    this.weights = weights;
    this.placement = placement;
    this.guard = guard;
    this.rope = config.ropeScaling().frequencies(config.ropeTheta(), config.headDim());
  }

  /** Tokens of a batch up to which each gets the logits that it would get alone, bit for bit. */
  public int exactRows() {
    return Math.min(placement.ofEmbedding(config).exactRows(), kernels().exactRows());
  }

  /** The numbers of the model. */
  public LlamaConfig config() {
    return config;
  }

  /** The weights of the model. */
  public LlamaWeights weights() {
    return weights;
  }

  /** What computes the logits, and can read them: all of the model, unless it is split. */
  public Kernels kernels() {
    return placement.ofOutput();
  }

  /** Which kernels compute what. */
  public Placement placement() {
    return placement;
  }

  /** What the model runs on, for people. */
  public String kernelsDescription() {
    return placement.description(config);
  }

  /** Scratch for passes that run one after the other. */
  public Activations newActivations() {
    return new Activations(placement, config);
  }

  /**
   * The empty state of a sequence.
   *
   * @param type how keys and values are stored: F16, F32 or Q8_0
   * @param maxLength positions it may grow to
   */
  public KvCache newCache(TensorType type, int maxLength) {
    return new KvCache(placement, config, type, maxLength);
  }

  /**
   * The empty state of a sequence that stores keys and values as another one does.
   *
   * @param other a sequence of any model
   * @param maxLength positions it may grow to
   */
  public KvCache newCacheLike(KvCache other, int maxLength) {
    return newCache(other.type(), maxLength);
  }

  /**
   * A sequence that begins as another one does.
   *
   * @param length positions of {@code source} to take over; the copy cannot grow beyond them
   */
  public KvCache copyOf(KvCache source, int length) {
    KvCache copy = newCacheLike(source, length);
    try {
      copy.copyFrom(source, length);
      return copy;
    } catch (Throwable e) {
      copy.close();
      throw e;
    }
  }

  /**
   * Runs a batch through the model: extends the caches of its sequences, and leaves the logits that
   * follow each row which wanted them in {@link Activations#logits}.
   *
   * @throws IllegalArgumentException if a token is not in the vocabulary; nothing has changed then
   * @throws IllegalStateException if the batch was run before, or one of its sequences was cut
   * @throws java.io.UncheckedIOException if the weights cannot be read any more; the sequences are
   *     as before
   */
  public void forward(Batch batch, Activations a) {
    checkTokens(batch);
    guard.beforePass();
    try {
      pass(batch, a);
      a.logits().resize(batch.outputs());
      kernels().matmul(a.logits(), weights.output(), a.last());
    } catch (InternalError e) {
      throw guard.lost(e);
    }
    guard.beforeLayer(); // they were there until the end
    batch.commit();
  }

  /**
   * As {@link #forward}, without the last step: leaves the normed states that logits would be made
   * of, see {@link #readHidden}.
   */
  public void hiddenStates(Batch batch, Activations a) {
    checkTokens(batch);
    guard.beforePass();
    try {
      pass(batch, a);
    } catch (InternalError e) {
      throw guard.lost(e);
    }
    guard.beforeLayer();
    batch.commit();
  }

  private void pass(Batch batch, Activations a) {
    batch.reserve();
    a.prepare(batch);

    Scratch lower = a.lower();
    lower.kernels().embed(lower.x(), weights.tokenEmbedding(), lower.tokens());
    lower.kernels().ropeAngles(lower.angles(), rope, lower.positions());
    int layers = weights.layers().size();
    int border = a.isSplit() ? Math.min(placement.lowerLayers(config), layers) : 0;
    Scratch upper = a.upper();
    if (a.isSplit()) {
      layers(0, border, batch, lower);
      a.moveUp();
      upper.kernels().ropeAngles(upper.angles(), rope, upper.positions());
    }
    if (border < layers && batch.outputs() < batch.size()) {
      layers(border, layers - 1, batch, upper);
      lastLayer(batch, a);
      norm(a.last(), a.wanted().x());
    } else {
      layers(border, layers, batch, upper);
      kernels().gatherRows(a.last(), upper.x(), a.outputRows());
      norm(a.last(), a.last());
    }
  }

  private void norm(Tensor out, Tensor x) {
    guard.beforeLayer();
    kernels().rmsNorm(out, x, weights.outputNorm(), config.rmsNormEps());
  }

  private void layers(int from, int to, Batch batch, Scratch s) {
    for (int i = from; i < to; i++) {
      guard.beforeLayer();
      LayerWeights layer = weights.layers().get(i);
      attentionBlock(layer, rows(batch, i, s), s);
      feedForwardBlock(layer, s);
    }
  }

  /**
   * The last layer, where not all rows want logits: of the others, only keys and values are of use
   * to anybody.
   */
  private void lastLayer(Batch batch, Activations a) {
    guard.beforeLayer();
    int index = weights.layers().size() - 1;
    LayerWeights layer = weights.layers().get(index);
    Scratch s = a.upper();
    Kernels k = s.kernels();
    k.rmsNorm(s.normed(), s.x(), layer.attnNorm(), config.rmsNormEps());
    k.matmul(s.k(), layer.wk(), s.normed());
    k.matmul(s.v(), layer.wv(), s.normed());
    k.rope(s.k(), s.angles(), config.ropePairing());
    k.storeKv(rows(batch, index, s), s.k(), s.v(), s.positions());
    if (batch.outputs() == 0) {
      return;
    }
    Scratch wanted = a.wanted();
    k.gatherRows(wanted.x(), s.x(), a.outputRows());
    k.gatherRows(wanted.normed(), s.normed(), a.outputRows());
    k.ropeAngles(wanted.angles(), rope, wanted.positions());
    k.matmul(wanted.q(), layer.wq(), wanted.normed());
    k.rope(wanted.q(), wanted.angles(), config.ropePairing());
    attention(layer, rows(batch, index, wanted), wanted);
    feedForwardBlock(layer, wanted);
  }

  /** Waits until the last pass has been computed, for who wants to know how long it took. */
  public void await() {
    kernels().await();
  }

  /**
   * Copies a row of the last hidden states, after the final norm, once it has been computed.
   *
   * @param a what the pass ran in
   * @param row counted among the rows that wanted logits
   * @param dst (hidden)
   */
  public void readHidden(Activations a, int row, float[] dst) {
    kernels().read(a.last(), row, dst, 0);
  }

  /**
   * Copies a row of logits of the last pass, once it has been computed. Whatever they are: {@link
   * NonFiniteSearch} tells whether and where a damaged model stopped computing with numbers.
   *
   * @param a what the pass ran in
   * @param row counted among the rows that wanted logits
   * @param dst (vocab)
   */
  public void readLogits(Activations a, int row, float[] dst) {
    kernels().read(a.logits(), row, dst, 0);
  }

  /**
   * The token with the largest logit in a row of the last pass.
   *
   * @param a what the pass ran in
   * @param row counted among the rows that wanted logits
   */
  public int likeliest(Activations a, int row) {
    return kernels().argmax(a.logits(), row);
  }

  /** {@code x += wo · attention(rope(wq · norm(x)), rope(wk · norm(x)), wv · norm(x))}. */
  private void attentionBlock(LayerWeights layer, KvRows kv, Scratch s) {
    Kernels k = s.kernels();
    k.rmsNorm(s.normed(), s.x(), layer.attnNorm(), config.rmsNormEps());
    k.matmulQkv(s.q(), s.k(), s.v(), layer.wq(), layer.wk(), layer.wv(), s.normed());
    k.rope(s.q(), s.angles(), config.ropePairing());
    k.rope(s.k(), s.angles(), config.ropePairing());
    k.storeKv(kv, s.k(), s.v(), s.positions());
    attention(layer, kv, s);
  }

  /** {@code x += wo · attention(q, k, v)}. */
  private void attention(LayerWeights layer, KvRows kv, Scratch s) {
    Kernels k = s.kernels();
    k.attention(s.attnOut(), s.q(), kv, config.numHeads(), s.positions());
    k.matmulAdd(s.x(), layer.wo(), s.attnOut());
  }

  /** {@code x += wDown · (silu(wGate · norm(x)) * (wUp · norm(x)))}. */
  private void feedForwardBlock(LayerWeights layer, Scratch s) {
    Kernels k = s.kernels();
    k.rmsNorm(s.normed(), s.x(), layer.ffnNorm(), config.rmsNormEps());
    k.matmulSwiGlu(s.gate(), s.up(), layer.wGate(), layer.wUp(), s.normed());
    k.matmulAdd(s.x(), layer.wDown(), s.gate());
  }

  /** What watches over the weights. */
  WeightsGuard guard() {
    return guard;
  }

  /** The first {@code layers} layers of this model, with its output. */
  LlamaModel cutTo(int layers) {
    LlamaWeights first =
        new LlamaWeights(
            weights.tokenEmbedding(),
            weights.layers().subList(0, layers),
            weights.outputNorm(),
            weights.output(),
            weights.isTied());
    return new LlamaModel(config, first, placement, guard);
  }

  private static KvRows rows(Batch batch, int layer, Scratch s) {
    List<KvSlab> slabs = new ArrayList<>(batch.caches().size());
    for (KvCache cache : batch.caches()) {
      slabs.add(cache.layer(layer));
    }
    return new KvRows(slabs, s.sequences());
  }

  private void checkTokens(Batch batch) {
    for (int i = 0; i < batch.size(); i++) {
      int token = batch.tokens()[i];
      if (token < 0 || token >= config.vocabSize()) {
        throw new IllegalArgumentException(
            "token " + token + " is not in the vocabulary of " + config.vocabSize());
      }
    }
  }
}
