package dev.chaski.generate;

import dev.chaski.model.Activations;
import dev.chaski.model.Batch;
import dev.chaski.model.KvCache;
import dev.chaski.model.LlamaModel;
import dev.chaski.model.NonFiniteSearch;
import dev.chaski.sample.Sampler;
import dev.chaski.sample.UnusableLogitsException;
import dev.chaski.tokenizer.BpeTokenizer;
import dev.chaski.tokenizer.StreamDecoder;
import dev.chaski.tokenizer.TokenBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Generates text with one sequence. What it has computed stays in its cache: a prompt that begins
 * as the last one did costs only its new tokens. For one thread at a time.
 */
public final class Generator implements AutoCloseable {
  private final LlamaModel model;
  private final BpeTokenizer tokenizer;
  private final Set<Integer> stopTokens;
  private final Set<Integer> shownTokens;
  private final ResponseConstraints constraints;
  private final SharedPrefixes sharedPrefixes;
  private final KvCache cache;
  private final int prefillBatch;
  private final Activations activations;
  private final Batch batch = new Batch();
  private final TokenBuffer computed = new TokenBuffer(); // what the cache holds
  private final float[] logits; // (vocab)
  private final AtomicReference<State> state = new AtomicReference<>(State.IDLE);

  private enum State {
    IDLE,
    RUNNING,
    CLOSED
  }

  /**
   * A generator with an empty sequence, that leaves special tokens out of texts.
   *
   * @param stopTokens ids that end an answer
   * @param cache the sequence; closed with the generator
   * @param prefillBatch prompt tokens of one forward pass, at least 1
   */
  public Generator(
      LlamaModel model,
      BpeTokenizer tokenizer,
      Set<Integer> stopTokens,
      KvCache cache,
      int prefillBatch) {
    this(
        model,
        tokenizer,
        stopTokens,
        Set.of(),
        new ResponseConstraints(tokenizer, stopTokens),
        new SharedPrefixes(model, 0),
        cache,
        prefillBatch);
  }

  /**
   * As the other one, with what several generators of a model share.
   *
   * @param stopTokens ids that end an answer
   * @param shownTokens ids of special tokens that texts show by their names
   * @param constraints made for the same tokenizer and stop tokens
   * @param sharedPrefixes of the same model and type of cache
   * @param cache the sequence; closed with the generator
   * @param prefillBatch prompt tokens of one forward pass, at least 1
   */
  public Generator(
      LlamaModel model,
      BpeTokenizer tokenizer,
      Set<Integer> stopTokens,
      Set<Integer> shownTokens,
      ResponseConstraints constraints,
      SharedPrefixes sharedPrefixes,
      KvCache cache,
      int prefillBatch) {
    if (prefillBatch < 1) {
      throw new IllegalArgumentException("prefillBatch is " + prefillBatch + ", at least 1");
    }
    this.model = model;
    this.tokenizer = tokenizer;
    this.stopTokens = Set.copyOf(stopTokens);
    this.shownTokens = Set.copyOf(shownTokens);
    this.constraints = constraints;
    this.sharedPrefixes = sharedPrefixes;
    this.cache = cache;
    this.prefillBatch = prefillBatch;
    this.activations = model.newActivations();
    this.logits = new float[model.config().vocabSize()];
  }

  /** Positions the sequence may have. */
  public int contextLength() {
    return cache.maxLength();
  }

  /** Positions in use. */
  public int contextUsed() {
    return cache.length();
  }

  /**
   * Forgets the sequence.
   *
   * @throws IllegalStateException if a generation is running
   */
  public void reset() {
    begin();
    try {
      forgetFrom(0);
    } finally {
      state.set(State.IDLE);
    }
  }

  /**
   * Continues {@code prompt}.
   *
   * @param prompt token ids, at least one, fewer than the context has positions
   * @param listener hears of it as it goes
   * @throws IllegalArgumentException if the prompt is empty, too long, or has an id that is not in
   *     the vocabulary; nothing has changed then
   * @throws IllegalStateException if another generation is running, or the generator is closed
   * @throws dev.chaski.grammar.GrammarException if the grammar of the response format cannot be
   *     used
   * @throws dev.chaski.sample.UnusableLogitsException if the model computed NaN or infinity, with
   *     the layer
   */
  public Generation generate(int[] prompt, GenerationOptions options, GenerationListener listener) {
    return generate(prompt, 0, options, listener);
  }

  /**
   * As {@link #generate(int[], GenerationOptions, GenerationListener)}, and shares the beginning of
   * the prompt with other generators.
   *
   * @param sharedLength how many tokens are worth keeping for others; 0 for none
   */
  public Generation generate(
      int[] prompt, int sharedLength, GenerationOptions options, GenerationListener listener) {
    checkPrompt(prompt);
    Objects.checkIndex(sharedLength, prompt.length);
    begin();
    try {
      return run(prompt, sharedLength, options, listener);
    } finally {
      state.set(State.IDLE);
    }
  }

  /** Two generations at once, or one from the listener of another, would mix up their tokens. */
  private void begin() {
    State before = state.compareAndExchange(State.IDLE, State.RUNNING);
    switch (before) {
      case IDLE -> {}
      case RUNNING -> throw running();
      case CLOSED -> throw new IllegalStateException("this session is closed; open another one");
    }
  }

  private static IllegalStateException running() {
    return new IllegalStateException(
        "a generation is running; a generator makes one at a time, use one for each thread");
  }

  private Generation run(
      int[] prompt, int sharedLength, GenerationOptions options, GenerationListener listener) {
    long start = System.nanoTime();
    Run run = new Run(prompt, options, listener);
    int cached = restore(prompt);
    boolean complete = prefill(prompt, options.cancellation(), listener);
    if (complete) {
      sharedPrefixes.keep(prompt, sharedLength, cache);
    }
    long prefilled = System.nanoTime();
    FinishReason reason = complete ? run.decode() : FinishReason.CANCELLED;
    run.finish(reason);
    long end = System.nanoTime();
    return new Generation(
        run.text.toString(),
        run.tokens,
        reason,
        new GenerationStatistics(
            prompt.length,
            cached,
            run.tokens.size(),
            Duration.ofNanos(prefilled - start),
            Duration.ofNanos(end - prefilled)));
  }

  private void checkPrompt(int[] prompt) {
    if (prompt.length == 0) {
      throw new IllegalArgumentException("the prompt is empty; give at least one token");
    }
    if (prompt.length >= cache.maxLength()) {
      throw new IllegalArgumentException(
          "the prompt has "
              + prompt.length
              + " tokens, but a context of "
              + cache.maxLength()
              + " positions has room for "
              + (cache.maxLength() - 1)
              + " and an answer; shorten it or use a larger context");
    }
    for (int token : prompt) {
      if (token < 0 || token >= model.config().vocabSize()) {
        throw new IllegalArgumentException(
            "token " + token + " is not in the vocabulary of " + model.config().vocabSize());
      }
    }
  }

  /** Keeps or copies what is computed of the prompt already, forgets the rest. */
  private int restore(int[] prompt) {
    int own = reusable(prompt);
    int cached = sharedPrefixes.restore(prompt, prompt.length - 1, own, cache);
    if (cached == own) {
      forgetFrom(own);
    } else {
      computed.truncate(0);
      for (int i = 0; i < cached; i++) {
        computed.add(prompt[i]);
      }
    }
    return cached;
  }

  /** Tokens of the prompt that need not be computed again; never all, the last gives the logits. */
  private int reusable(int[] prompt) {
    int limit = Math.min(computed.size(), prompt.length - 1);
    int n = 0;
    while (n < limit && computed.get(n) == prompt[n]) {
      n++;
    }
    return n;
  }

  private void forgetFrom(int length) {
    cache.truncate(length);
    computed.truncate(length);
  }

  /** Computes what the cache lacks of the prompt. False if it was cancelled. */
  private boolean prefill(int[] prompt, Cancellation cancellation, GenerationListener listener) {
    int from = cache.length();
    for (int at = from; at < prompt.length; at += prefillBatch) {
      if (cancellation.isCancelled()) {
        return false;
      }
      int end = Math.min(prompt.length, at + prefillBatch);
      batch.clear();
      for (int i = at; i < end; i++) {
        batch.add(cache, prompt[i], i == prompt.length - 1);
      }
      model.forward(batch, activations);
      for (int i = at; i < end; i++) {
        computed.add(prompt[i]);
      }
      listener.onPrefill(end - from, prompt.length - from);
    }
    return true;
  }

  private void step(int token) {
    batch.clear();
    batch.add(cache, token, true);
    model.forward(batch, activations);
    computed.add(token);
  }

  private void readLogits() {
    model.readLogits(activations, 0, logits);
    int bad = NonFiniteSearch.firstIn(logits);
    if (bad >= 0) {
      throw unusable(bad);
    }
  }

  /** Computes the last token once more to find out what is wrong, and forgets everything. */
  private UnusableLogitsException unusable(int id) {
    float logit = logits[id];
    int last = computed.get(computed.size() - 1);
    forgetFrom(computed.size() - 1);
    String place = new NonFiniteSearch(model).find(cache, last);
    forgetFrom(0);
    return UnusableLogitsException.notFinite(
        logit, "the logit of token %d of %d".formatted(id, logits.length), place);
  }

  /** The state of one answer. */
  private final class Run {
    final List<Integer> tokens = new ArrayList<>();
    final StringBuilder text = new StringBuilder();
    private final GenerationOptions options;
    private final GenerationListener listener;
    private final GrammarConstraint constraint; // null when any text will do
    private final Sampler sampler;
    private final StreamDecoder decoder =
        StreamDecoder.withSpecial(tokenizer, shownTokens::contains);
    private final StopScanner scanner;

    Run(int[] prompt, GenerationOptions options, GenerationListener listener) {
      this.options = options;
      this.listener = listener;
      this.constraint = constraints.newConstraint(options.responseFormat()).orElse(null);
      this.sampler =
          constraint == null
              ? Sampler.create(options.sampling())
              : Sampler.create(options.sampling(), constraint);
      this.scanner = new StopScanner(options.stopStrings());
      sampler.acceptPrompt(prompt);
    }

    /** Token by token from the logits of the last pass. */
    FinishReason decode() {
      while (tokens.size() != options.maxTokens()) {
        if (options.cancellation().isCancelled()) {
          return FinishReason.CANCELLED;
        }
        if (!tokens.isEmpty()) {
          if (cache.length() == cache.maxLength()) {
            return FinishReason.CONTEXT_FULL;
          }
          step(tokens.getLast());
        }
        readLogits();
        int token = sampler.sample(logits, 0, logits.length);
        sampler.accept(token);
        tokens.add(token);
        if (stopTokens.contains(token) && !options.ignoreStopTokens()) {
          return FinishReason.STOP_TOKEN;
        }
        if (token < tokenizer.vocabSize()) {
          emit(scanner.accept(decoder.accept(token)));
        }
        if (scanner.isStopped()) {
          return FinishReason.STOP_STRING;
        }
        if (constraint != null && constraint.isComplete()) {
          return FinishReason.STOP_TOKEN; // all that could come
        }
      }
      return FinishReason.MAX_TOKENS;
    }

    /** Lets go of text that was held back. */
    void finish(FinishReason reason) {
      if (reason != FinishReason.STOP_STRING) {
        emit(scanner.accept(decoder.finish()));
        emit(scanner.finish());
      }
    }

    private void emit(String piece) {
      if (!piece.isEmpty()) {
        text.append(piece);
        listener.onText(piece);
      }
    }
  }

  /**
   * Frees the memory. Closing twice is harmless, also from two threads.
   *
   * @throws IllegalStateException if a generation is running: cancel it first
   */
  @Override
  public void close() {
    State before = state.compareAndExchange(State.IDLE, State.CLOSED);
    switch (before) {
      case IDLE -> cache.close();
      case RUNNING -> throw running();
      case CLOSED -> {}
    }
  }
}
