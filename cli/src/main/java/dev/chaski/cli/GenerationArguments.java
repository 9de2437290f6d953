package dev.chaski.cli;

import dev.chaski.generate.GenerationOptions;
import dev.chaski.load.DefaultSampling;
import dev.chaski.sample.SamplingOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * Options that say how to generate. What is not given is as the model's author samples, and what he
 * leaves open as Llama 3.1 does.
 */
final class GenerationArguments {
  @Spec(Spec.Target.MIXEE)
  private CommandSpec mixee;

  @Option(
      names = {"-n", "--predict", "--n-predict"},
      paramLabel = "N",
      defaultValue = "-1",
      description = "Tokens of an answer at most; -1 for no limit (default).")
  private int maxTokens;

  @Option(
      names = {"-s", "--seed"},
      paramLabel = "N",
      defaultValue = "-1",
      description = "Makes a random answer repeatable; -1 for another one each time (default).")
  private long seed;

  @Option(
      names = "--temp",
      paramLabel = "X",
      description =
          "Temperature: 0 always takes the likeliest token. Default: the model's, or 0.6.")
  private Float temperature;

  @Option(
      names = "--top-k",
      paramLabel = "N",
      description = "Choose among the N likeliest tokens; 0 for all. Default: the model's, or 40.")
  private Integer topK;

  @Option(
      names = "--top-p",
      paramLabel = "X",
      description =
          "Choose among the likeliest that make up this share. Default: the model's, or 0.9.")
  private Float topP;

  @Option(
      names = "--min-p",
      paramLabel = "X",
      description =
          "Drop tokens less likely than this share of the best. Default: the model's, or 0.05.")
  private Float minP;

  @Option(
      names = "--repeat-penalty",
      paramLabel = "X",
      description = "Above 1 makes recent tokens less likely. Default: the model's, or 1 (off).")
  private Float repetitionPenalty;

  @Option(
      names = "--presence-penalty",
      paramLabel = "X",
      defaultValue = "0",
      description = "Lowers the logit of each recent token once. Default: 0 (off).")
  private float presencePenalty;

  @Option(
      names = "--frequency-penalty",
      paramLabel = "X",
      defaultValue = "0",
      description = "Lowers it for every occurrence. Default: 0 (off).")
  private float frequencyPenalty;

  @Option(
      names = "--repeat-last-n",
      paramLabel = "N",
      defaultValue = "64",
      description = "How many tokens are recent; -1 for all. Default: 64.")
  private int penaltyWindow;

  @Option(
      names = {"--stop", "-r", "--reverse-prompt"},
      paramLabel = "TEXT",
      description = "End the answer before this text. Can be given several times.")
  private List<String> stopStrings = new ArrayList<>();

  @Option(names = "--ignore-eos", description = "Go on when the model wants to end its answer.")
  private boolean ignoreStopTokens;

  @Option(
      names = {"-q", "--quiet"},
      description = "Do not print speeds.")
  private boolean quiet;

  boolean isQuiet() {
    return quiet;
  }

  /**
   * Refuses values out of their range, before a model is opened.
   *
   * @throws ParameterException if there is one
   */
  void check() {
    toOptions(DefaultSampling.none());
  }

  /**
   * The options for the library.
   *
   * @param author how the author of the model samples
   * @throws ParameterException if a value is out of its range
   */
  GenerationOptions toOptions(DefaultSampling author) {
    try {
      SamplingOptions.Builder sampling =
          SamplingOptions.builder()
              .temperature(firstOf(temperature, author.temperature(), 0.6f))
              .topK(firstOf(topK, author.topK(), 40))
              .topP(firstOf(topP, author.topP(), 0.9f))
              .minP(firstOf(minP, author.minP(), 0.05f))
              .repetitionPenalty(firstOf(repetitionPenalty, author.repetitionPenalty(), 1f))
              .presencePenalty(presencePenalty)
              .frequencyPenalty(frequencyPenalty)
              .penaltyWindow(penaltyWindow);
      if (seed != -1) {
        sampling.seed(seed);
      }
      return GenerationOptions.defaults()
          .withSampling(sampling.build())
          .withMaxTokens(maxTokens)
          .withStopStrings(stopStrings)
          .withIgnoreStopTokens(ignoreStopTokens);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(mixee.commandLine(), e.getMessage(), e);
    }
  }

  private static <T> T firstOf(T given, Optional<T> author, T usual) {
    return given == null ? author.orElse(usual) : given;
  }
}
