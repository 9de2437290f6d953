package dev.chaski.tokenizer;

import java.util.Arrays;

/**
 * Merges the bytes of one word into tokens: always the pair of lowest rank first, of several the
 * leftmost. Holds buffers, so each running {@code encode} has its own.
 *
 * <p>Short words search all pairs for the lowest rank after each merge: quadratic, but within a
 * cache line or two. Long words keep the pairs in a heap: {@code O(n log n)}.
 */
final class WordMerger {
  private static final int MAX_SHORT = 48;
  private static final int NO_RANK = MergeTable.NO_RANK;

  private final MergeTable merges;
  private final int[] shortIds = new int[MAX_SHORT];
  private final int[] shortRanks = new int[MAX_SHORT]; // of each token with its right neighbour

  WordMerger(MergeTable merges) {
    this.merges = merges;
  }

  /** Appends the tokens of {@code text[from, to)} to {@code out}. */
  void merge(byte[] text, int from, int to, TokenBuffer out) {
    if (to - from <= MAX_SHORT) {
      mergeShort(text, from, to, out);
    } else {
      new LongWord(merges, text, from, to).merge(out);
    }
  }

  private void mergeShort(byte[] text, int from, int to, TokenBuffer out) {
    int[] ids = shortIds;
    int[] ranks = shortRanks;
    int n = to - from;
    int best = NO_RANK;
    int at = 0;
    for (int i = 0; i < n; i++) {
      ids[i] = merges.idOfByte(text[from + i]);
      int rank = i + 1 < n ? merges.rankOfBytes(text[from + i], text[from + i + 1]) : NO_RANK;
      ranks[i] = rank;
      if (rank < best) {
        best = rank;
        at = i;
      }
    }
    while (best != NO_RANK) {
      ids[at] = merges.result(best);
      n--;
      for (int i = at + 1; i < n; i++) {
        ids[i] = ids[i + 1];
        ranks[i] = ranks[i + 1];
      }
      ranks[at] = at + 1 < n ? merges.rank(ids[at], ids[at + 1]) : NO_RANK;
      if (at > 0) {
        ranks[at - 1] = merges.rank(ids[at - 1], ids[at]);
      }
      best = NO_RANK;
      for (int i = 0; i < n - 1; i++) {
        if (ranks[i] < best) {
          best = ranks[i];
          at = i;
        }
      }
    }
    for (int i = 0; i < n; i++) {
      out.add(ids[i]);
    }
  }

  /** A word as a doubly linked list of tokens, with a heap of the pairs that can be merged. */
  private static final class LongWord {
    private final MergeTable merges;
    private final int length;
    private final int[] ids; // token that begins at a byte, or -1 inside a token
    private final int[] next; // where the token after it begins
    private final int[] previous;
    private long[] heap; // rank, then position: the smallest is merged next
    private int heapSize;

    LongWord(MergeTable merges, byte[] text, int from, int to) {
      this.merges = merges;
      length = to - from;
      ids = new int[length];
      next = new int[length];
      previous = new int[length];
      heap = new long[length];
      for (int i = 0; i < length; i++) {
        ids[i] = merges.idOfByte(text[from + i]);
        next[i] = i + 1;
        previous[i] = i - 1;
        if (i + 1 < length) {
          push(merges.rankOfBytes(text[from + i], text[from + i + 1]), i);
        }
      }
    }

    void merge(TokenBuffer out) {
      while (heapSize > 0) {
        long top = pop();
        int rank = (int) (top >>> Integer.SIZE);
        int at = (int) top;
        // A pair whose tokens have been merged with others since is stale.
        int right = next[at];
        if (ids[at] < 0 || right >= length || merges.rank(ids[at], ids[right]) != rank) {
          continue;
        }
        ids[at] = merges.result(rank);
        ids[right] = -1;
        int after = next[right];
        next[at] = after;
        if (after < length) {
          previous[after] = at;
          push(merges.rank(ids[at], ids[after]), at);
        }
        if (at > 0) {
          push(merges.rank(ids[previous[at]], ids[at]), previous[at]);
        }
      }
      for (int i = 0; i < length; i = next[i]) {
        out.add(ids[i]);
      }
    }

    private void push(int rank, int position) {
      if (rank == NO_RANK) {
        return;
      }
      if (heapSize == heap.length) {
        heap = Arrays.copyOf(heap, heapSize + (heapSize >> 1) + 16);
      }
      long entry = (long) rank << Integer.SIZE | position;
      int i = heapSize++;
      while (i > 0 && heap[(i - 1) >>> 1] > entry) {
        heap[i] = heap[(i - 1) >>> 1];
        i = (i - 1) >>> 1;
      }
      heap[i] = entry;
    }

    private long pop() {
      long top = heap[0];
      long entry = heap[--heapSize];
      int i = 0;
      while (2 * i + 1 < heapSize) {
        int child = 2 * i + 1;
        if (child + 1 < heapSize && heap[child + 1] < heap[child]) {
          child++;
        }
        if (heap[child] >= entry) {
          break;
        }
        heap[i] = heap[child];
        i = child;
      }
      heap[i] = entry;
      return top;
    }
  }
}
