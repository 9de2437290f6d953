package dev.chaski.kernels.cpu;

import dev.chaski.kernels.IntTensor;

/**
 * Neighbouring rows of a batch that attend to the same cache.
 *
 * @param kv the cache
 * @param positions of the whole batch: a row attends to its own position and those before it
 * @param first their first row in the batch
 * @param count how many rows they are
 * @param numHeads query heads of a row
 */
public record AttentionRows(CpuKvSlab kv, IntTensor positions, int first, int count, int numHeads) {
  /** Positions that a row of these attends to, at least 1. */
  public int length(int row) {
    return positions.get(first + row) + 1;
  }

  /** The most positions that a row attends to. */
  public int longest() {
    int longest = 0;
    for (int row = 0; row < count; row++) {
      longest = Math.max(longest, length(row));
    }
    return longest;
  }

  /** Values of a head. */
  public int headDim() {
    return kv.shape().headDim();
  }

  /** Query heads that share a key/value head. */
  public int group() {
    return numHeads / kv.shape().numKvHeads();
  }

  /** Where the queries of a row of these start that share {@code kvHead}. */
  public int start(int row, int kvHead) {
    return ((first + row) * numHeads + kvHead * group()) * headDim();
  }
}
