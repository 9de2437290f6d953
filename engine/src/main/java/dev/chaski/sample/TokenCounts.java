package dev.chaski.sample;

import java.util.Arrays;

/**
 * How often each token occurs among the last N, or among all so far: what the penalties need.
 *
 * <p>A ring of the last N tokens and an open-addressed hash table (linear probing, deletion by
 * shifting back) from token to count, so that the cost of a penalty goes with the distinct tokens
 * seen, not with the vocabulary.
 */
final class TokenCounts {

  private static final int FREE = -1;
  private static final int FIRST_CAPACITY = 128;

  private final int[] ring; // empty when the window is unlimited
  private int ringEnd; // where the next token goes
  private int ringLength;

  private int[] slotTokens; // FREE or a token; capacity is a power of two
  private int[] slotCounts;
  private int used;

  /**
   * An empty window.
   *
   * @param window how many tokens it holds; negative for no limit
   */
  TokenCounts(int window) {
    this.ring = new int[Math.max(window, 0)];
    this.slotTokens = new int[FIRST_CAPACITY];
    this.slotCounts = new int[FIRST_CAPACITY];
    clear();
  }

  /** Appends a token (not negative); the oldest leaves a full window. */
  void add(int token) {
    if (ring.length > 0) {
      if (ringLength == ring.length) {
        decrement(ring[ringEnd]);
      } else {
        ringLength++;
      }
      ring[ringEnd] = token;
      ringEnd = ringEnd + 1 == ring.length ? 0 : ringEnd + 1;
    }
    increment(token);
  }

  /** Forgets everything. */
  void clear() {
    Arrays.fill(slotTokens, FREE);
    ringEnd = 0;
    ringLength = 0;
    used = 0;
  }

  /** Slots to go through, for {@link #slotToken} and {@link #slotCount}. */
  int slots() {
    return slotTokens.length;
  }

  /** The token of a slot, or -1 if the slot is free. */
  int slotToken(int slot) {
    return slotTokens[slot];
  }

  /** How often the token of a slot that is not free occurs. */
  int slotCount(int slot) {
    return slotCounts[slot];
  }

  private void increment(int token) {
    int slot = find(token);
    if (slotTokens[slot] == FREE) {
      if (2 * (used + 1) > slotTokens.length) {
        grow();
        slot = find(token);
      }
      slotTokens[slot] = token;
      slotCounts[slot] = 0;
      used++;
    }
    slotCounts[slot]++;
  }

  private void decrement(int token) {
    int slot = find(token);
    if (--slotCounts[slot] == 0) {
      remove(slot);
    }
  }

  private void remove(int slot) {
    used--;
    int mask = slotTokens.length - 1;
    int hole = slot;
    for (int next = (hole + 1) & mask; slotTokens[next] != FREE; next = (next + 1) & mask) {
      // An entry may move into the hole unless its home lies after the hole.
      int home = home(slotTokens[next]);
      if (((next - home) & mask) >= ((next - hole) & mask)) {
        slotTokens[hole] = slotTokens[next];
        slotCounts[hole] = slotCounts[next];
        hole = next;
      }
    }
    slotTokens[hole] = FREE;
  }

  /** The slot of a token, or the free one where it belongs. */
  private int find(int token) {
    int mask = slotTokens.length - 1;
    int slot = home(token);
    while (slotTokens[slot] != token && slotTokens[slot] != FREE) {
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  private int home(int token) {
    int scattered = token * 0x9e3779b9;
    return (scattered ^ (scattered >>> 15)) & (slotTokens.length - 1);
  }

  private void grow() {
    int[] oldTokens = slotTokens;
    int[] oldCounts = slotCounts;
    slotTokens = new int[2 * oldTokens.length];
    slotCounts = new int[2 * oldTokens.length];
    Arrays.fill(slotTokens, FREE);
    for (int i = 0; i < oldTokens.length; i++) {
      if (oldTokens[i] != FREE) {
        int slot = find(oldTokens[i]);
        slotTokens[slot] = oldTokens[i];
        slotCounts[slot] = oldCounts[i];
      }
    }
  }
}
