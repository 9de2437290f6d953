package dev.chaski.generate;

import dev.chaski.sample.LogProbs;
import dev.chaski.sample.Sampler;
import dev.chaski.sample.SamplingOptions;
import dev.chaski.sample.TokenLogProb;
import dev.chaski.tokenizer.StreamDecoder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The state of one answer: chooses its tokens, makes text of them, and knows when it ends. */
final class Answer {
  private final Vocabulary vocabulary;
  private final GenerationOptions options;
  private final GenerationListener listener;
  private final GrammarConstraint constraint; // null when any text will do
  private final Sampler sampler;
  private final StreamDecoder decoder;
  private final StopScanner scanner;
  private final List<Integer> tokens = new ArrayList<>();
  private final List<TokenLogProbs> logProbs = new ArrayList<>();
  private final StringBuilder text = new StringBuilder();
  private final int promptLength;

  /**
   * An answer without a token yet.
   *
   * @param sampling in place of that in the options
   */
  Answer(
      Vocabulary vocabulary,
      int[] prompt,
      GenerationOptions options,
      SamplingOptions sampling,
      GenerationListener listener) {
    this.vocabulary = vocabulary;
    this.options = options;
    this.listener = listener;
    this.constraint = vocabulary.constraint(options.responseFormat()).orElse(null);
    this.sampler =
        constraint == null ? Sampler.create(sampling) : Sampler.create(sampling, constraint);
    this.decoder = vocabulary.newDecoder();
    this.scanner = new StopScanner(options.stopStrings());
    this.promptLength = prompt.length;
    sampler.acceptPrompt(prompt);
  }

  GenerationListener listener() {
    return listener;
  }

  int size() {
    return tokens.size();
  }

  int lastToken() {
    return tokens.getLast();
  }

  /** Position of the last token, of the prompt as long as there is none of the answer. */
  int lastPosition() {
    return promptLength + tokens.size() - 1;
  }

  /** Tokens that may still come; negative for any number. */
  int remaining() {
    return options.maxTokens() < 0 ? -1 : options.maxTokens() - tokens.size();
  }

  /** Why there is to be no other token, if so; asked before each. */
  Optional<FinishReason> reasonToEnd() {
    if (remaining() == 0) {
      return Optional.of(FinishReason.MAX_TOKENS);
    }
    return options.cancellation().isCancelled()
        ? Optional.of(FinishReason.CANCELLED)
        : Optional.empty();
  }

  /** Chooses the next token, tells of it, and answers whether it ended the answer, and why. */
  Optional<FinishReason> take(float[] logits) {
    int token = sampler.sample(logits, 0, logits.length);
    sampler.accept(token);
    tokens.add(token);
    if (options.logProbs().isPresent()) {
      tellLogProbs(LogProbs.of(logits, 0, logits.length), token);
    }
    if (endsAnswer(token)) {
      return Optional.of(FinishReason.STOP_TOKEN);
    }
    if (vocabulary.isText(token)) {
      emit(scanner.accept(decoder.accept(token)));
    }
    if (scanner.isStopped()) {
      return Optional.of(FinishReason.STOP_STRING);
    }
    return constraint != null && constraint.isComplete()
        ? Optional.of(FinishReason.STOP_TOKEN) // all that could come
        : Optional.empty();
  }

  /** Whether nothing comes after a token. */
  boolean endsAnswer(int token) {
    return !options.ignoreStopTokens() && vocabulary.isStop(token);
  }

  private void tellLogProbs(LogProbs distribution, int token) {
    TokenLogProbs told =
        new TokenLogProbs(
            new TokenLogProb(token, distribution.logProb(token)),
            distribution.top(options.logProbs().getAsInt()));
    logProbs.add(told);
    listener.onToken(told);
  }

  /** Lets go of text that was held back, and gives what there is. */
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

  Generation toGeneration(FinishReason reason, GenerationStatistics statistics) {
    return new Generation(text.toString(), tokens, logProbs, reason, statistics);
  }
}
