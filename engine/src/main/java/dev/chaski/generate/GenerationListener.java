package dev.chaski.generate;

/** Hears of a generation as it goes, on the generating thread. An exception ends it. */
@FunctionalInterface
public interface GenerationListener {
  /** Hears nothing. */
  GenerationListener NONE = _ -> {};

  /** Another piece of the answer: whole characters, never part of a stop string. */
  void onText(String piece);

  /**
   * Another token of the answer, before its text; only if the options ask for log-probabilities.
   */
  default void onToken(TokenLogProbs token) {}

  /**
   * A chunk of the prompt was read.
   *
   * @param done tokens read so far
   * @param total tokens that have to be read; without those already in the cache
   */
  default void onPrefill(int done, int total) {}
}
