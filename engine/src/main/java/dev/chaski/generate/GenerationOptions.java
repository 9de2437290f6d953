package dev.chaski.generate;

import dev.chaski.sample.SamplingOptions;
import java.util.List;
import java.util.Objects;
import java.util.OptionalInt;

/**
 * How to generate.
 *
 * @param sampling how a token is chosen
 * @param maxTokens tokens of the answer at most; {@link #UNLIMITED} is until the context is full
 * @param stopStrings texts that end the answer; they are not part of it
 * @param ignoreStopTokens whether to go on after the model ended its answer
 * @param cancellation ends the generation from another thread
 * @param responseFormat what the answer has to look like; one that is not plain text does not go
 *     with {@code ignoreStopTokens}
 * @param logProbs how many of the likeliest tokens to tell beside each token of the answer, with
 *     log-probabilities; 0 for the token's own alone, empty for none
 * @param speculation whether to guess tokens ahead, which changes the time it takes and nothing
 *     else
 */
public record GenerationOptions(
    SamplingOptions sampling,
    int maxTokens,
    List<String> stopStrings,
    boolean ignoreStopTokens,
    Cancellation cancellation,
    ResponseFormat responseFormat,
    OptionalInt logProbs,
    Speculation speculation) {
  /** No limit but the context. */
  public static final int UNLIMITED = -1;

  /** Checks the values. */
  public GenerationOptions {
    Objects.requireNonNull(sampling, "sampling");
    Objects.requireNonNull(cancellation, "cancellation");
    Objects.requireNonNull(responseFormat, "responseFormat");
    Objects.requireNonNull(speculation, "speculation");
    if (maxTokens < UNLIMITED) {
      throw new IllegalArgumentException(
          "maxTokens is " + maxTokens + ", it must be 0 or more, or -1 for no limit");
    }
    if (logProbs.isPresent() && logProbs.getAsInt() < 0) {
      throw new IllegalArgumentException(
          "logProbs is " + logProbs.getAsInt() + ", it must be 0 or more, or empty for none");
    }
    stopStrings = List.copyOf(stopStrings);
    if (stopStrings.contains("")) {
      throw new IllegalArgumentException("a stop string is empty; leave it out");
    }
    if (ignoreStopTokens && !(responseFormat instanceof ResponseFormat.Text)) {
      throw new IllegalArgumentException(
          "ignoreStopTokens does not go with a response format: an answer in it has an end");
    }
  }

  /** The default sampling, until the model stops. */
  public static GenerationOptions defaults() {
    return new GenerationOptions(
        SamplingOptions.defaults(),
        UNLIMITED,
        List.of(),
        false,
        new Cancellation(),
        ResponseFormat.text(),
        OptionalInt.empty(),
        Speculation.none());
  }

  /** The same with another sampling. */
  public GenerationOptions withSampling(SamplingOptions newSampling) {
    return new GenerationOptions(
        newSampling,
        maxTokens,
        stopStrings,
        ignoreStopTokens,
        cancellation,
        responseFormat,
        logProbs,
        speculation);
  }

  /** The same with another limit. */
  public GenerationOptions withMaxTokens(int newMaxTokens) {
    return new GenerationOptions(
        sampling,
        newMaxTokens,
        stopStrings,
        ignoreStopTokens,
        cancellation,
        responseFormat,
        logProbs,
        speculation);
  }

  /** The same with other stop strings. */
  public GenerationOptions withStopStrings(List<String> newStopStrings) {
    return new GenerationOptions(
        sampling,
        maxTokens,
        newStopStrings,
        ignoreStopTokens,
        cancellation,
        responseFormat,
        logProbs,
        speculation);
  }

  /** The same, going on after the model ended its answer, or not. */
  public GenerationOptions withIgnoreStopTokens(boolean newIgnoreStopTokens) {
    return new GenerationOptions(
        sampling,
        maxTokens,
        stopStrings,
        newIgnoreStopTokens,
        cancellation,
        responseFormat,
        logProbs,
        speculation);
  }

  /** The same with another way to cancel it. */
  public GenerationOptions withCancellation(Cancellation newCancellation) {
    return new GenerationOptions(
        sampling,
        maxTokens,
        stopStrings,
        ignoreStopTokens,
        newCancellation,
        responseFormat,
        logProbs,
        speculation);
  }

  /** The same with another format of the answer. */
  public GenerationOptions withResponseFormat(ResponseFormat newResponseFormat) {
    return new GenerationOptions(
        sampling,
        maxTokens,
        stopStrings,
        ignoreStopTokens,
        cancellation,
        newResponseFormat,
        logProbs,
        speculation);
  }

  /** The same with log-probabilities of each token, and of so many of the likeliest beside it. */
  public GenerationOptions withLogProbs(int top) {
    return new GenerationOptions(
        sampling,
        maxTokens,
        stopStrings,
        ignoreStopTokens,
        cancellation,
        responseFormat,
        OptionalInt.of(top),
        speculation);
  }

  /** The same with tokens guessed ahead in another way. */
  public GenerationOptions withSpeculation(Speculation newSpeculation) {
    return new GenerationOptions(
        sampling,
        maxTokens,
        stopStrings,
        ignoreStopTokens,
        cancellation,
        responseFormat,
        logProbs,
        newSpeculation);
  }
}
