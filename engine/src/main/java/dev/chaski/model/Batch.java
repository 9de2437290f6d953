package dev.chaski.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The rows of one forward pass: (token, position, sequence) each. Many positions of one sequence
 * make a prefill, one position a decode step, one position each of many sequences a serving step;
 * they can be mixed. Reusable; not thread-safe.
 */
public final class Batch {
  private int[] tokens = new int[16];
  private int[] positions = new int[16];
  private int[] sequences = new int[16];
  private int[] outputRows = new int[16];
  private int[] outputPositions = new int[16];
  private int[] outputSequences = new int[16];
  private int size;
  private int outputs;
  private final List<KvCache> caches = new ArrayList<>();
  private int[] starts = new int[4]; // for each cache, its length when it was first added
  private int[] added = new int[4]; // for each cache, rows in this batch

  /** An empty batch. */
  public Batch() {}

  /** Empties the batch. */
  public void clear() {
    size = 0;
    outputs = 0;
    caches.clear();
  }

  /**
   * Adds the next position of a sequence.
   *
   * @param wantLogits whether the pass computes the logits that follow this token
   * @throws IllegalStateException if the sequence is full
   */
  public void add(KvCache cache, int token, boolean wantLogits) {
    int sequence = indexOf(cache);
    int position = starts[sequence] + added[sequence];
    if (position >= cache.maxLength()) {
      throw new IllegalStateException(
          "the context of " + cache.maxLength() + " positions is full; use a larger one");
    }
    if (size == tokens.length) {
      tokens = Arrays.copyOf(tokens, 2 * size);
      positions = Arrays.copyOf(positions, 2 * size);
      sequences = Arrays.copyOf(sequences, 2 * size);
      outputRows = Arrays.copyOf(outputRows, 2 * size);
      outputPositions = Arrays.copyOf(outputPositions, 2 * size);
      outputSequences = Arrays.copyOf(outputSequences, 2 * size);
    }
    tokens[size] = token;
    positions[size] = position;
    sequences[size] = sequence;
    if (wantLogits) {
      outputRows[outputs] = size;
      outputPositions[outputs] = position;
      outputSequences[outputs] = sequence;
      outputs++;
    }
    size++;
    added[sequence]++;
  }

  private int indexOf(KvCache cache) {
    int index = caches.indexOf(cache);
    if (index < 0) {
      index = caches.size();
      caches.add(cache);
      if (index == added.length) {
        starts = Arrays.copyOf(starts, 2 * index);
        added = Arrays.copyOf(added, 2 * index);
      }
      starts[index] = cache.length();
      added[index] = 0;
    }
    return index;
  }

  /** Rows. */
  public int size() {
    return size;
  }

  /** Rows whose logits are wanted; they come in the order of their rows. */
  public int outputs() {
    return outputs;
  }

  int[] tokens() {
    return tokens;
  }

  int[] positions() {
    return positions;
  }

  int[] sequences() {
    return sequences;
  }

  int[] outputRows() {
    return outputRows;
  }

  /** Positions of the rows whose logits are wanted. */
  int[] outputPositions() {
    return outputPositions;
  }

  /** Sequences of the rows whose logits are wanted. */
  int[] outputSequences() {
    return outputSequences;
  }

  List<KvCache> caches() {
    return caches;
  }

  /**
   * Makes room in every cache for this batch.
   *
   * @throws IllegalStateException if a sequence has moved on since its rows were added
   */
  void reserve() {
    for (int i = 0; i < caches.size(); i++) {
      if (caches.get(i).length() != starts[i]) {
        throw new IllegalStateException(
            "the batch continues a sequence of "
                + starts[i]
                + " positions, which now has "
                + caches.get(i).length()
                + "; clear it and add the rows again");
      }
    }
    for (int i = 0; i < caches.size(); i++) {
      caches.get(i).reserve(starts[i] + added[i]);
    }
  }

  /** Counts the rows of this batch as computed. It has to be cleared before it is used again. */
  void commit() {
    for (int i = 0; i < caches.size(); i++) {
      caches.get(i).advance(added[i]);
    }
  }
}
