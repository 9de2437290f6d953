package dev.chaski.cli;

import dev.chaski.generate.GenerationOptions;
import dev.chaski.sample.SamplingOptions;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Options that say how to generate. Defaults are Llama 3.1's own where it has them. */
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
      defaultValue = "0.6",
      description = "Temperature: 0 always takes the likeliest token. Default: 0.6.")
  private float temperature;

  @Option(
      names = "--top-k",
      paramLabel = "N",
      defaultValue = "40",
      description = "Choose among the N likeliest tokens; 0 for all. Default: 40.")
  private int topK;

  @Option(
      names = "--top-p",
      paramLabel = "X",
      defaultValue = "0.9",
      description = "Choose among the likeliest that make up this share. Default: 0.9.")
  private float topP;

  @Option(
      names = "--min-p",
      paramLabel = "X",
      defaultValue = "0.05",
      description = "Drop tokens less likely than this share of the best. Default: 0.05.")
  private float minP;

  @Option(
      names = "--repeat-penalty",
      paramLabel = "X",
      defaultValue = "1",
      description = "Above 1 makes recent tokens less likely. Default: 1 (off).")
  private float repetitionPenalty;

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
   * The options for the library.
   *
   * @throws ParameterException if a value is out of its range
   */
  GenerationOptions toOptions() {
    try {
      SamplingOptions.Builder sampling =
          SamplingOptions.builder()
              .temperature(temperature)
              .topK(topK)
              .topP(topP)
              .minP(minP)
              .repetitionPenalty(repetitionPenalty)
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
}
