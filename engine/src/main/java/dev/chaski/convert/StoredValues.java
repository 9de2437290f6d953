package dev.chaski.convert;

import dev.chaski.kernels.TensorType;
import dev.chaski.load.StoredMatrix;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.function.IntUnaryOperator;

/**
 * A matrix of a checkpoint, with its scales multiplied in and its rows in another order. Its types
 * store single values, so that any part of a row can be decoded.
 *
 * @param matrix where the values are
 * @param rowOrder the row of {@code matrix} that comes at the place of each row
 */
record StoredValues(StoredMatrix matrix, IntUnaryOperator rowOrder) implements TensorValues {
  /** What to do with a part of a row. */
  private interface Part {
    /**
     * Does it.
     *
     * @param row of {@code matrix}
     * @param column of the first value
     * @param at place of the first value among those asked for
     * @param count values of the part
     */
    void accept(int row, int column, int at, int count);
  }

  @Override
  public String name() {
    return matrix.tensor().name();
  }

  @Override
  public Path file() {
    return matrix.tensor().file();
  }

  @Override
  public long offset() {
    return matrix.tensor().offset();
  }

  @Override
  public TensorType type() {
    return matrix.type();
  }

  @Override
  public long size() {
    return matrix.tensor().size();
  }

  @Override
  public void decode(long from, float[] dst, int count) {
    MemorySegment data = matrix.tensor().data();
    forEachPart(
        from,
        count,
        (row, column, at, part) -> {
          type().decoder().decode(data, byteOffset(row, column), dst, at, part);
          if (matrix.scale().isPresent()) {
            matrix.scale().get().apply(row, column, dst, at, part);
          }
        });
  }

  @Override
  public void copy(long from, MemorySegment dst, int count) {
    MemorySegment data = matrix.tensor().data();
    forEachPart(
        from,
        count,
        (row, column, at, part) ->
            MemorySegment.copy(
                data, byteOffset(row, column), dst, type().byteSize(at), type().byteSize(part)));
  }

  private long byteOffset(int row, int column) {
    return type().byteSize((long) row * matrix.columns() + column);
  }

  private void forEachPart(long from, int count, Part action) {
    int done = 0;
    while (done < count) {
      int row = (int) ((from + done) / matrix.columns());
      int column = (int) ((from + done) % matrix.columns());
      int part = Math.min(count - done, matrix.columns() - column);
      action.accept(rowOrder.applyAsInt(row), column, done, part);
      done += part;
    }
  }
}
