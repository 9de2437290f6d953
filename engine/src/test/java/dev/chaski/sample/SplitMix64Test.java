package dev.chaski.sample;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SplitMix64Test {

  /** Outputs of the authors' C program for this seed, as published on Rosetta Code. */
  @Test
  void matchesTheReference() {
    SplitMix64 random = new SplitMix64(1234567);
    assertThat(Long.toUnsignedString(random.nextLong())).isEqualTo("6457827717110365317");
    assertThat(Long.toUnsignedString(random.nextLong())).isEqualTo("3203168211198807973");
    assertThat(Long.toUnsignedString(random.nextLong())).isEqualTo("9817491932198370423");
    assertThat(Long.toUnsignedString(random.nextLong())).isEqualTo("4593380528125082431");
    assertThat(Long.toUnsignedString(random.nextLong())).isEqualTo("16408922859458223821");
  }

  @Test
  void restartRepeats() {
    SplitMix64 random = new SplitMix64(5);
    long first = random.nextLong();
    random.nextLong();
    random.restart(5);
    assertThat(random.nextLong()).isEqualTo(first);
  }

  @Test
  void nextBelowStaysBelowAndIsEven() {
    SplitMix64 random = new SplitMix64(1);
    assertThat(random.nextBelow(1)).isZero();
    // Three quarters of the range of a long: a plain modulo would favour the lower third 2 to 1.
    long bound = 3L << 61;
    int draws = 30_000;
    int low = 0;
    for (int i = 0; i < draws; i++) {
      long drawn = random.nextBelow(bound);
      assertThat(drawn).isBetween(0L, bound - 1);
      low += drawn < bound / 3 ? 1 : 0;
    }
    // Binomial(n, 1/3): five standard deviations.
    double deviation = Math.sqrt(draws * (1 / 3.0) * (2 / 3.0));
    assertThat((double) low).isBetween(draws / 3.0 - 5 * deviation, draws / 3.0 + 5 * deviation);
  }
}
