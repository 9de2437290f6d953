package dev.chaski.grammar;

import java.util.Arrays;

/**
 * A rule in the middle of being matched, and what goes on when it is complete: one entry for each
 * place that is waiting for it. Places that wait for the same rule from the same position on share
 * it, so that all ways to read a text take polynomial room (the graph-structured stack of Masaru
 * Tomita, "Efficient Parsing for Natural Language", 1986).
 *
 * @param id for comparing; equal rules have equal ids
 * @param rank the rule, {@link #WHOLE} for the whole grammar, for which nothing waits
 * @param waitingStates the states that wait: (numWaiting)
 * @param waitingIn the open rules these states belong to: (numWaiting)
 */
record OpenRule(long id, int rank, int[] waitingStates, OpenRule[] waitingIn) {
  static final int WHOLE = -1;

  boolean isWhole() {
    return rank == WHOLE;
  }

  /** What makes two open rules the same. */
  static final class Key {
    private final int rank;
    private final int[] waitingStates;
    private final long[] waitingIn;
    private final int hash;

    Key(int rank, int[] waitingStates, long[] waitingIn) {
      this.rank = rank;
      this.waitingStates = waitingStates;
      this.waitingIn = waitingIn;
      this.hash = 31 * (31 * rank + Arrays.hashCode(waitingStates)) + Arrays.hashCode(waitingIn);
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Key key
          && rank == key.rank
          && Arrays.equals(waitingStates, key.waitingStates)
          && Arrays.equals(waitingIn, key.waitingIn);
    }

    @Override
    public int hashCode() {
      return hash;
    }
  }
}
