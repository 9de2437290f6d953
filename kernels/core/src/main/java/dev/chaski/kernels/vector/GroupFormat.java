package dev.chaski.kernels.vector;

import static dev.chaski.kernels.vector.Lanes.FLOATS;

import dev.chaski.kernels.TensorType;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * A format whose weights are small whole numbers in groups of 16 or 32, each group with a scale and
 * maybe a minimum. Subclasses take blocks apart; the arithmetic is the same for all. Minimums are
 * multiplied by the sum of {@code x} over their group, which is computed once for all rows.
 */
abstract class GroupFormat implements VectorFormat {
  private final ThreadLocal<Unpacked> scratch;
  private final int blockSize;
  private final int blockBytes;
  private final int groupSize;
  private final boolean hasMins;

  /**
   * @param scratch of the threads that will call; formats may share it
   * @param groupSize values that have a scale of their own, 16 or 32
   * @param hasMins whether groups have minimums
   */
  GroupFormat(ThreadLocal<Unpacked> scratch, TensorType type, int groupSize, boolean hasMins) {
    this.scratch = scratch;
    this.blockSize = type.blockSize();
    this.blockBytes = type.bytesPerBlock();
    this.groupSize = groupSize;
    this.hasMins = hasMins;
  }

  /** Takes blocks apart: codes, scales and, if the format has them, minimums. */
  abstract void unpack(MemorySegment w, long at, int blocks, Unpacked to);

  @Override
  public final void matvec(
      MemorySegment w,
      long offset,
      long rowBytes,
      int rows,
      int columns,
      float[] x,
      int xOffset,
      float[] out,
      int outOffset,
      boolean add) {
    Unpacked u = scratch.get();
    if (hasMins) {
      GroupKernels.negatedSums(u, x, xOffset, columns, groupSize);
    }
    boolean isDense = rowBytes == (long) columns / blockSize * blockBytes;
    int rowsAtOnce = isDense ? Math.max(1, Unpacked.VALUES / columns) : 1;
    for (int row = 0; row < rows; row += rowsAtOnce) {
      int count = Math.min(rowsAtOnce, rows - row);
      Arrays.fill(u.rowSums, 0, count * FLOATS, 0f);
      for (int k = 0; k < columns; k += Unpacked.VALUES) {
        long at = offset + row * rowBytes + (long) k / blockSize * blockBytes;
        int part = Math.min(Unpacked.VALUES, columns - k);
        addProducts(u, w, at, count, part, k, x, xOffset + k);
      }
      GroupKernels.storeRows(u, count, out, outOffset + row, add);
    }
  }

  /** Adds the products of {@code columns} values of each of {@code rows} rows. */
  private void addProducts(
      Unpacked u, MemorySegment w, long at, int rows, int columns, int first, float[] x, int xAt) {
    int blocks = rows * columns / blockSize;
    // What the next stretch will read, if there is one.
    long bytes = (long) blocks * blockBytes;
    long ahead = at + 2 * bytes <= w.byteSize() ? bytes : 0;
    unpack(w, at, blocks, u);
    if (hasMins) {
      GroupKernels.addMins(u, rows, columns / groupSize, first / groupSize);
    }
    int groups = columns / groupSize;
    int step = GroupKernels.VALUES_PER_TOUCH * blockBytes / blockSize;
    long partBytes = (long) columns / blockSize * blockBytes;
    for (int row = 0; row < rows; row++) {
      long touchAt = at + row * partBytes + ahead;
      if (groupSize == 32) {
        GroupKernels.dot32(u, row, groups, x, xAt, w, touchAt, step);
      } else {
        GroupKernels.dot16(u, row, groups, x, xAt, w, touchAt, step);
      }
    }
  }

  @Override
  public final void decode(MemorySegment src, long offset, float[] dst, int dstOffset, int count) {
    Unpacked u = scratch.get();
    for (int done = 0; done < count; done += Unpacked.VALUES) {
      int part = Math.min(Unpacked.VALUES, count - done);
      unpack(src, offset + (long) done / blockSize * blockBytes, part / blockSize, u);
      GroupKernels.decode(u, part, groupSize, hasMins, dst, dstOffset + done);
    }
  }
}
