package dev.chaski.cli.terminal;

import dev.chaski.sample.SamplingOptions;
import java.util.StringJoiner;

/** Settings as people read them. */
public final class Settings {
  private Settings() {}

  /** {@code temperature 0.6, top-k 40, top-p 0.9, min-p 0.05}: what has an effect. */
  public static String sampling(SamplingOptions sampling) {
    if (sampling.isGreedy()) {
      return "always the likeliest token" + penalty(sampling);
    }
    StringJoiner line = new StringJoiner(", ");
    line.add("temperature " + sampling.temperature());
    if (sampling.topK() > 0) {
      line.add("top-k " + sampling.topK());
    }
    if (sampling.topP() < 1) {
      line.add("top-p " + sampling.topP());
    }
    if (sampling.minP() > 0) {
      line.add("min-p " + sampling.minP());
    }
    return line + penalty(sampling);
  }

  private static String penalty(SamplingOptions sampling) {
    return sampling.repetitionPenalty() == 1
        ? ""
        : ", repetition penalty " + sampling.repetitionPenalty();
  }
}
