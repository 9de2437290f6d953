package dev.chaski.kernels;

import java.util.List;

/**
 * One layer's caches as a batch sees them: row {@code i} of the batch reads and writes {@code
 * slabs.get(sequences.get(i))}.
 *
 * @param slabs one for each sequence of the batch, all of the same shape
 * @param sequences for each row, the index of its sequence in {@code slabs}
 */
public record KvRows(List<KvSlab> slabs, IntTensor sequences) {
  public KvRows {
    slabs = List.copyOf(slabs);
  }

  /** The cache of a row. */
  public KvSlab slabOf(int row) {
    return slabs.get(sequences.get(row));
  }
}
