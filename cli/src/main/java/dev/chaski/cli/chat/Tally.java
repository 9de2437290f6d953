package dev.chaski.cli.chat;

import dev.chaski.generate.Generation;
import java.util.Locale;
import java.util.Optional;

/** What the answers of a chat took. */
final class Tally {
  private int answers;
  private int tokens;
  private Generation last;

  /** One more answer. */
  void add(Generation answer) {
    answers++;
    tokens += answer.statistics().generatedTokens();
    last = answer;
  }

  /** How many there were. */
  int answers() {
    return answers;
  }

  /** Their tokens together. */
  int tokens() {
    return tokens;
  }

  /** The last one. */
  Optional<Generation> last() {
    return Optional.ofNullable(last);
  }

  /**
   * What a prompt shows: {@code 812/8192 23.4 tok/s}, the context in use and the speed of the last
   * answer; nothing before there is one.
   */
  String status(int contextUsed, int contextLength) {
    if (last == null) {
      return "";
    }
    String context = contextUsed + "/" + contextLength;
    double speed = last.statistics().generatedTokensPerSecond();
    return speed > 0
        ? context + String.format(Locale.ROOT, speed < 100 ? " %.1f tok/s" : " %.0f tok/s", speed)
        : context;
  }
}
