package dev.chaski.sample;

import java.util.Arrays;

/**
 * Some tokens of a row in ascending order of their ids: id, key and logit side by side. Once few
 * are left, every further step costs next to nothing. Impossible tokens (logit -infinity) fill the
 * lists up to {@link #paddedSize()}.
 */
final class Candidates {

  private int[] ids = {};
  private int[] keys = {};
  private float[] logits = {};
  private int size;

  /** Takes the tokens of a row with a key of at least {@code floor}. */
  void gather(LogitKeys row, float[] rowLogits, int offset, int floor) {
    size = 0;
    for (int chunk = 0; chunk < row.chunks(); chunk++) {
      if (row.chunkMax(chunk) >= floor) {
        int from = chunk * LogitKeys.CHUNK;
        int to = Math.min(from + LogitKeys.CHUNK, row.size());
        if (ids.length < size + LogitKeys.CHUNK) {
          ids = Arrays.copyOf(ids, 2 * size + LogitKeys.CHUNK);
        }
        size = append(row.keys(), from, to, floor, ids, size);
      }
    }
    if (keys.length < paddedSize()) {
      keys = new int[paddedSize()];
      logits = new float[paddedSize()];
    }
    for (int i = 0; i < size; i++) {
      keys[i] = row.keys()[ids[i]];
      logits[i] = rowLogits[offset + ids[i]];
    }
    pad(paddedSize());
  }

  private static int append(int[] keys, int from, int to, int floor, int[] ids, int size) {
    for (int token = from; token < to; token++) {
      if (keys[token] >= floor) {
        ids[size++] = token;
      }
    }
    return size;
  }

  /** Keeps the {@code k} with the largest keys; of equal ones the lowest ids. */
  void keepLargest(int k) {
    if (k >= size) {
      return;
    }
    int last = LogitKeys.kthLargest(keys, paddedSize(), k, 0);
    int ties = k - above(last);
    int kept = 0;
    for (int i = 0; i < size; i++) {
      if (keys[i] > last || (keys[i] == last && ties-- > 0)) {
        ids[kept] = ids[i];
        keys[kept] = keys[i];
        logits[kept] = logits[i];
        kept++;
      }
    }
    int padded = paddedSize();
    size = kept;
    pad(padded);
  }

  private void pad(int end) {
    Arrays.fill(keys, size, end, LogitKeys.NEGATIVE_INFINITY);
    Arrays.fill(logits, size, end, Float.NEGATIVE_INFINITY);
  }

  /** The sum of their values in a list by token. */
  long sum(int[] values) {
    long sum = 0;
    for (int i = 0; i < size; i++) {
      sum += values[ids[i]];
    }
    return sum;
  }

  /** Moves their values in a list by token to its head, in their order, and pads with 0. */
  void pick(int[] values) {
    for (int i = 0; i < size; i++) {
      values[i] = values[ids[i]];
    }
    Arrays.fill(values, size, paddedSize(), 0);
  }

  private int above(int key) {
    int count = 0;
    for (int i = 0; i < size; i++) {
      count += keys[i] > key ? 1 : 0;
    }
    return count;
  }

  int id(int i) {
    return ids[i];
  }

  int[] keys() {
    return keys;
  }

  float[] logits() {
    return logits;
  }

  int size() {
    return size;
  }

  /** The size with the impossible tokens that fill the lists up to whole chunks. */
  int paddedSize() {
    return LogitKeys.paddedSize(size);
  }
}
