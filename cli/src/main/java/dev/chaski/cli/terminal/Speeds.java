package dev.chaski.cli.terminal;

import dev.chaski.generate.Generation;
import dev.chaski.generate.GenerationStatistics;
import java.util.Locale;
import java.util.Optional;

/** What a generation took, in one line for people. */
public final class Speeds {
  private Speeds() {}

  /** {@code prompt 18 tokens, 350.1/s (12 cached); answer 11 tokens, 120.3/s}. */
  public static String line(Generation generation) {
    GenerationStatistics s = generation.statistics();
    StringBuilder line = new StringBuilder();
    line.append("prompt ").append(tokens(s.promptTokens(), s.promptTokensPerSecond()));
    if (s.cachedTokens() > 0) {
      line.append(" (").append(s.cachedTokens()).append(" cached)");
    }
    line.append("; answer ").append(answer(generation));
    if (s.draftedTokens() > 0) {
      line.append("; guessed ")
          .append(s.draftedTokens())
          .append(", right ")
          .append(s.acceptedTokens());
    }
    return line.toString();
  }

  /** {@code 11 tokens, 120.3/s}. */
  public static String answer(Generation generation) {
    GenerationStatistics s = generation.statistics();
    return tokens(s.generatedTokens(), s.generatedTokensPerSecond())
        + why(generation).map(why -> "; " + why).orElse("");
  }

  private static String tokens(int count, double perSecond) {
    String text = count + (count == 1 ? " token" : " tokens");
    return perSecond > 0 ? text + String.format(Locale.ROOT, ", %.1f/s", perSecond) : text;
  }

  /** Why it ended, unless the answer was simply complete. */
  public static Optional<String> why(Generation generation) {
    return switch (generation.finishReason()) {
      case STOP_TOKEN, STOP_STRING -> Optional.empty();
      case MAX_TOKENS -> Optional.of("cut at the token limit (-n)");
      case CONTEXT_FULL -> Optional.of("cut: the context is full (-c)");
      case CANCELLED -> Optional.of("interrupted");
    };
  }
}
