package dev.chaski.chat.jinja;

import dev.chaski.chat.jinja.TemplateLimitException.Limit;
import java.math.BigInteger;

/**
 * The account of one rendering. Whoever runs, visits, writes or nests something charges it here
 * <em>before</em> doing it; so nothing large is ever allocated on a template's word.
 */
final class Budget {
  /** As many bits as 1,233 decimal digits: far beyond use, and still quick to compute with. */
  static final int MAX_INTEGER_BITS = 1 << 12;

  private final RenderLimits limits;
  private long stepsLeft;
  private long charactersLeft;
  private int depth;

  Budget(RenderLimits limits) {
    this.limits = limits;
    this.stepsLeft = limits.maxSteps();
    this.charactersLeft = limits.maxCharacters();
  }

  RenderLimits limits() {
    return limits;
  }

  /** One statement, expression or value. */
  void step() {
    steps(1);
  }

  /** {@code count} values visited or made. */
  void steps(long count) {
    stepsLeft -= count;
    if (stepsLeft < 0) {
      throw new TemplateLimitException(Limit.STEPS, limits.maxSteps());
    }
  }

  /** {@code count} characters written or searched. */
  void characters(long count) {
    charactersLeft -= count;
    if (charactersLeft < 0) {
      throw new TemplateLimitException(Limit.CHARACTERS, limits.maxCharacters());
    }
  }

  /** Refuses at once what would take {@code count} characters, without charging them. */
  void requireCharacters(long count) {
    if (count > charactersLeft) {
      throw new TemplateLimitException(Limit.CHARACTERS, limits.maxCharacters());
    }
  }

  /**
   * One level deeper. No {@code finally} is needed around {@link #leave()}: an exception ends the
   * rendering.
   */
  void enter() {
    if (++depth > limits.maxDepth()) {
      throw new TemplateLimitException(Limit.DEPTH, limits.maxDepth());
    }
  }

  void leave() {
    depth--;
  }

  /** {@code value} if it is of a sane size. */
  static BigInteger checked(BigInteger value) {
    checkBits(value.bitLength());
    return value;
  }

  /** Refuses an integer about to get {@code bits} bits. */
  static void checkBits(long bits) {
    if (bits > MAX_INTEGER_BITS) {
      throw new TemplateLimitException(Limit.INTEGER, MAX_INTEGER_BITS);
    }
  }
}
