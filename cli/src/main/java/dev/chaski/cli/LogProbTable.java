package dev.chaski.cli;

import dev.chaski.generate.TokenLogProbs;
import dev.chaski.sample.TokenLogProb;
import dev.chaski.tokenizer.BpeTokenizer;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Shows log-probabilities, a token of the answer on each line. */
final class LogProbTable {
  private LogProbTable() {}

  /**
   * {@code -0.0021 "The" | "The" -0.0021, " The" -6.3212}: the token, and the likeliest if any were
   * asked for.
   */
  static List<String> lines(List<TokenLogProbs> tokens, BpeTokenizer tokenizer) {
    int width =
        tokens.stream().mapToInt(token -> text(token.chosen(), tokenizer).length()).max().orElse(0);
    return tokens.stream().map(token -> line(token, tokenizer, width)).toList();
  }

  private static String line(TokenLogProbs token, BpeTokenizer tokenizer, int width) {
    String chosen = number(token.chosen()) + " " + text(token.chosen(), tokenizer);
    if (token.top().isEmpty()) {
      return chosen;
    }
    String padding = " ".repeat(width - text(token.chosen(), tokenizer).length());
    return token.top().stream()
        .map(other -> text(other, tokenizer) + " " + number(other).strip())
        .collect(Collectors.joining(", ", chosen + padding + " | ", ""));
  }

  private static String number(TokenLogProb token) {
    return String.format(Locale.ROOT, "%9.4f", token.logProb());
  }

  private static String text(TokenLogProb token, BpeTokenizer tokenizer) {
    return token.id() < tokenizer.vocabSize()
        ? Pieces.quoted(tokenizer.bytes(token.id()))
        : "token " + token.id();
  }
}
