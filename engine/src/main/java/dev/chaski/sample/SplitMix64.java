package dev.chaski.sample;

/**
 * The SplitMix64 generator (Steele, Lea, Flood: "Fast Splittable Pseudorandom Number Generators",
 * OOPSLA 2014). Written out rather than taken from {@code java.util}, so that a seed gives the same
 * text on every platform and in every future JDK.
 */
final class SplitMix64 {

  private static final long GOLDEN_GAMMA = 0x9e3779b97f4a7c15L;

  private long state;

  SplitMix64(long seed) {
    this.state = seed;
  }

  /** Starts the sequence of a seed again. */
  void restart(long seed) {
    state = seed;
  }

  /** The next 64 random bits. */
  long nextLong() {
    state += GOLDEN_GAMMA;
    long z = state;
    z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }

  /**
   * A number from 0 to {@code bound - 1}, each equally likely (Lemire: "Fast Random Integer
   * Generation in an Interval", 2019).
   *
   * @param bound positive
   */
  long nextBelow(long bound) {
    long bits = nextLong();
    long low = bits * bound;
    if (Long.compareUnsigned(low, bound) < 0) {
      long threshold = Long.remainderUnsigned(-bound, bound);
      while (Long.compareUnsigned(low, threshold) < 0) {
        bits = nextLong();
        low = bits * bound;
      }
    }
    return Math.unsignedMultiplyHigh(bits, bound);
  }
}
