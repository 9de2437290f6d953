package dev.chaski.generate;

import dev.chaski.model.KvCache;
import dev.chaski.model.LlamaModel;
import dev.chaski.sample.SamplingOptions;
import dev.chaski.tokenizer.BpeTokenizer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntFunction;

/**
 * Generates text with one sequence. What it has computed stays in its cache: a prompt that begins
 * as the last one did costs only its new tokens. For one thread at a time.
 */
public final class Generator implements AutoCloseable {
  private final Vocabulary vocabulary;
  private final SharedPrefixes sharedPrefixes;
  private final Sequence sequence;
  private final Passes passes;
  private final int prefillBatch;
  private final AtomicReference<State> state = new AtomicReference<>(State.IDLE);
  private Speculation speculation = Speculation.none(); // what the drafter was made for
  private Drafter drafter; // null for no guesses

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
    this.vocabulary = new Vocabulary(tokenizer, stopTokens, shownTokens, constraints);
    this.sharedPrefixes = sharedPrefixes;
    this.sequence = new Sequence(cache);
    this.passes = new Passes(model);
    this.prefillBatch = prefillBatch;
  }

  /** Positions the sequence may have. */
  public int contextLength() {
    return sequence.maxLength();
  }

  /** Positions in use. */
  public int contextUsed() {
    return sequence.length();
  }

  /**
   * Forgets the sequence.
   *
   * @throws IllegalStateException if a generation is running
   */
  public void reset() {
    begin();
    try {
      sequence.truncate(0);
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
   *     the vocabulary, or the draft model has another vocabulary; nothing has changed then
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

  /**
   * Continues {@code prompt} in several ways. The prompt is computed once, and each pass after it
   * computes the next token of every answer. Answer {@code i}, counted from 0, is the one that
   * {@link #generate} gives with {@code seed + i}; without a seed, one is picked. Nothing is
   * guessed ahead, whatever the options say. Each answer has a copy of the prompt's keys and
   * values; the first one stays in the sequence.
   *
   * @param sharedLength how many tokens are worth keeping for other generators; 0 for none
   * @param count answers, at least 1
   * @param listeners who hears of each answer; all of them hear of the prompt
   * @return the answers in their order; all of them are cancelled together, and if one fails, all
   *     do
   */
  public List<Generation> generateSeveral(
      int[] prompt,
      int sharedLength,
      int count,
      GenerationOptions options,
      IntFunction<? extends GenerationListener> listeners) {
    checkPrompt(prompt);
    Objects.checkIndex(sharedLength, prompt.length);
    if (count < 1) {
      throw new IllegalArgumentException(count + " answers are not possible, ask for at least 1");
    }
    begin();
    try {
      return runSeveral(prompt, sharedLength, count, options, listeners);
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
    prepareDrafter(options.speculation());
    long start = System.nanoTime();
    Answer answer = new Answer(vocabulary, prompt, options, options.sampling(), listener);
    ReadPrompt read = read(prompt, sharedLength, options.cancellation(), listener::onPrefill);
    int guesses = Math.min(options.speculation().maxTokens(), passes.model().exactRows() - 1);
    Decoding decoding =
        new Decoding(passes, sequence, prompt, answer, guesses == 0 ? null : drafter, guesses);
    FinishReason reason =
        read.isComplete() ? decoding.run(options.cancellation()) : FinishReason.CANCELLED;
    answer.finish(reason);
    return answer.toGeneration(
        reason,
        new GenerationStatistics(
            prompt.length,
            read.cached(),
            answer.size(),
            decoding.drafted(),
            decoding.accepted(),
            Duration.ofNanos(read.endNanos() - start),
            Duration.ofNanos(System.nanoTime() - read.endNanos())));
  }

  private List<Generation> runSeveral(
      int[] prompt,
      int sharedLength,
      int count,
      GenerationOptions options,
      IntFunction<? extends GenerationListener> listeners) {
    long start = System.nanoTime();
    SamplingOptions sampling = options.sampling().seeded();
    List<Answer> answers = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      SamplingOptions ofAnswer = sampling.ofAnswer(i);
      answers.add(new Answer(vocabulary, prompt, options, ofAnswer, listeners.apply(i)));
    }
    ReadPrompt read =
        read(
            prompt,
            sharedLength,
            options.cancellation(),
            (done, total) -> answers.forEach(a -> a.listener().onPrefill(done, total)));
    ParallelDecoding decoding = new ParallelDecoding(passes, sequence, prompt, answers);
    if (read.isComplete()) {
      decoding.run();
    } else {
      decoding.cancel();
    }
    Duration promptTime = Duration.ofNanos(read.endNanos() - start);
    List<Generation> generations = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      generations.add(
          answers
              .get(i)
              .toGeneration(
                  decoding.reason(i),
                  new GenerationStatistics(
                      prompt.length,
                      read.cached(),
                      answers.get(i).size(),
                      0,
                      0,
                      promptTime,
                      Duration.ofNanos(decoding.endNanos(i) - read.endNanos()))));
    }
    return generations;
  }

  /**
   * What became of a prompt.
   *
   * @param cached tokens that did not have to be computed
   * @param isComplete whether its logits are in row 0 of the last pass; else it was cancelled
   */
  private record ReadPrompt(int cached, boolean isComplete, long endNanos) {}

  private ReadPrompt read(
      int[] prompt, int sharedLength, Cancellation cancellation, Passes.Progress progress) {
    sequence.restore(prompt, sharedPrefixes);
    int cached = sequence.length();
    boolean complete = passes.read(sequence, prompt, prefillBatch, cancellation, progress);
    if (complete) {
      sharedPrefixes.keep(prompt, sharedLength, sequence.cache());
    }
    return new ReadPrompt(cached, complete, System.nanoTime());
  }

  /** A drafter keeps what it has computed, as long as it is asked for. */
  private void prepareDrafter(Speculation wanted) {
    if (wanted.equals(speculation)) {
      return;
    }
    Drafter next =
        switch (wanted) {
          case Speculation.None _ -> null;
          case Speculation.Lookup _ -> new LookupDrafter();
          case Speculation.DraftModel(LlamaModel model, BpeTokenizer tokenizer, int _) -> {
            vocabulary.requireSameTokens(tokenizer);
            yield new ModelDrafter(
                model, sequence.cache(), passes.model().config().vocabSize(), prefillBatch);
          }
        };
    closeDrafter();
    drafter = next;
    speculation = wanted;
  }

  private void closeDrafter() {
    if (drafter != null) {
      drafter.close();
    }
  }

  private void checkPrompt(int[] prompt) {
    if (prompt.length == 0) {
      throw new IllegalArgumentException("the prompt is empty; give at least one token");
    }
    if (prompt.length >= sequence.maxLength()) {
      throw new IllegalArgumentException(
          "the prompt has "
              + prompt.length
              + " tokens, but a context of "
              + sequence.maxLength()
              + " positions has room for "
              + (sequence.maxLength() - 1)
              + " and an answer; shorten it or use a larger context");
    }
    int vocabSize = passes.model().config().vocabSize();
    for (int token : prompt) {
      if (token < 0 || token >= vocabSize) {
        throw new IllegalArgumentException(
            "token " + token + " is not in the vocabulary of " + vocabSize);
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
      case IDLE -> {
        closeDrafter();
        sequence.close();
      }
      case RUNNING -> throw running();
      case CLOSED -> {}
    }
  }
}
