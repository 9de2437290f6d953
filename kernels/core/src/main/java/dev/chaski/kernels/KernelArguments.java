package dev.chaski.kernels;

import java.lang.foreign.MemorySegment;
import java.util.Optional;
import java.util.function.ToLongFunction;

/**
 * What every provider checks before it computes, so that a caller's mistake is told in the same
 * words by all. Each method throws {@link IllegalArgumentException} with the shapes that are and
 * the shapes that would fit.
 */
public final class KernelArguments {
  private KernelArguments() {}

  /** Values of a tensor of {@code rows x columns}, which must fit an array. */
  public static int checkTensor(int rows, int columns) {
    if (rows < 0 || columns < 1 || (long) rows * columns > Integer.MAX_VALUE - 64) {
      throw new IllegalArgumentException(
          "a tensor of " + rows + " x " + columns + " floats does not fit an array; use less rows");
    }
    return rows * columns;
  }

  /** Bytes of a row of a weight whose data and scales have exactly the size they should have. */
  public static long checkWeight(
      TensorType type, int rows, int columns, MemorySegment data, Optional<WeightScale> scale) {
    if (rows < 1 || columns < 1) {
      throw new IllegalArgumentException(
          "a weight of " + rows + " x " + columns + " has no values");
    }
    long rowBytes = type.byteSize(columns);
    if (data.byteSize() != Math.multiplyExact(rowBytes, rows)) {
      throw new IllegalArgumentException(
          type
              + " weight of "
              + rows
              + " x "
              + columns
              + " takes "
              + rowBytes * rows
              + " bytes, not "
              + data.byteSize());
    }
    if (scale.isPresent() && !scale.get().fits(rows, columns)) {
      throw new IllegalArgumentException(
          "a weight of "
              + rows
              + " x "
              + columns
              + " cannot have "
              + scale.get().size()
              + " scales for blocks of "
              + scale.get().blockRows()
              + " x "
              + scale.get().blockColumns());
    }
    return rowBytes;
  }

  /** For {@link Kernels#embed}. */
  public static void checkEmbed(Tensor out, Weight table, IntTensor ids) {
    require(out.columns() == table.columns(), "embed", out, table);
    requireRows("embed", out, ids);
  }

  /** For {@link Kernels#gatherRows}. */
  public static void checkGatherRows(Tensor out, Tensor x, IntTensor rows) {
    require(out.columns() == x.columns(), "gatherRows", out, x);
    requireRows("gatherRows", out, rows);
  }

  /** For {@link Kernels#rmsNorm}. */
  public static void checkRmsNorm(Tensor out, Tensor x, Tensor gain) {
    checkSameShape("rmsNorm", out, x);
    require(out.columns() == gain.columns() && gain.rows() == 1, "rmsNorm", out, gain);
  }

  /** For {@link Kernels#matmul} and {@link Kernels#matmulAdd}. */
  public static void checkMatmul(String operation, Tensor out, Weight w, Tensor x) {
    require(out.columns() == w.rows(), operation, out, w);
    require(x.columns() == w.columns(), operation, x, w);
    require(x.rows() == out.rows(), operation, out, x);
  }

  /** Both have the same rows and columns. */
  public static void checkSameShape(String operation, Tensor a, Tensor b) {
    require(a.columns() == b.columns() && a.rows() == b.rows(), operation, a, b);
  }

  /** For {@link Kernels#ropeAngles}. */
  public static void checkRopeAngles(Tensor out, RopeFrequencies rope, IntTensor positions) {
    int columns = 2 * rope.size();
    if (out.columns() != columns || out.rows() != positions.size()) {
      throw new IllegalArgumentException(
          "ropeAngles: out is " + shape(out) + ", expected " + positions.size() + " x " + columns);
    }
  }

  /** For {@link Kernels#rope}. */
  public static void checkRope(Tensor x, Tensor angles) {
    require(x.columns() % angles.columns() == 0 && x.rows() == angles.rows(), "rope", x, angles);
  }

  /**
   * For {@link Kernels#storeKv} of at least one row.
   *
   * @param capacity how many positions a slab has room for
   * @return the shape of all slabs
   */
  public static KvShape checkStoreKv(
      Tensor k, KvRows kv, IntTensor positions, ToLongFunction<KvSlab> capacity) {
    KvShape shape = checkPlaces("storeKv", k.rows(), kv, positions, capacity);
    if (k.columns() != shape.columns()) {
      throw new IllegalArgumentException("storeKv: k is " + shape(k) + ", the cache " + shape);
    }
    return shape;
  }

  /**
   * For {@link Kernels#attention} of at least one row.
   *
   * @param capacity how many positions a slab has room for
   * @return the shape of all slabs
   */
  public static KvShape checkAttention(
      Tensor q, KvRows kv, int numHeads, IntTensor positions, ToLongFunction<KvSlab> capacity) {
    KvShape shape = checkPlaces("attention", q.rows(), kv, positions, capacity);
    if (q.columns() != numHeads * shape.headDim() || numHeads % shape.numKvHeads() != 0) {
      throw new IllegalArgumentException(
          "attention: q has "
              + q.columns()
              + " columns for "
              + numHeads
              + " heads, the cache "
              + shape);
    }
    return shape;
  }

  /** For {@link KvSlab#copyFrom}. */
  public static void checkCopiedLength(int length, long capacity) {
    if (length < 0 || length > capacity) {
      throw new IllegalArgumentException(
          "cannot copy " + length + " positions of a cache with room for " + capacity);
    }
  }

  /** A slab cannot take over another one. */
  public static IllegalArgumentException unlike(KvSlab slab, KvSlab source) {
    return new IllegalArgumentException(
        "a key/value cache of "
            + slab.shape()
            + " cannot take over "
            + source
            + "; both must be alike");
  }

  /** A slab was used after it was closed. */
  public static IllegalStateException closed(KvShape shape) {
    return new IllegalStateException(
        "this key/value cache is closed (" + shape + "); make a new one");
  }

  /** A handle was made by other kernels. */
  public static IllegalArgumentException foreign(Object handle) {
    return new IllegalArgumentException(
        "made by another provider: " + handle.getClass().getName() + "; use one Kernels for all");
  }

  /** Each row has a sequence, and a position that its slab has room for. */
  private static KvShape checkPlaces(
      String operation, int rows, KvRows kv, IntTensor positions, ToLongFunction<KvSlab> capacity) {
    int slabs = kv.slabs().size();
    IntTensor sequences = kv.sequences();
    if (rows != sequences.size() || rows != positions.size()) {
      throw new IllegalArgumentException(
          String.format(
              "%s: %d rows, but %d sequences and %d positions",
              operation, rows, sequences.size(), positions.size()));
    }
    KvShape shape = null;
    for (int row = 0; row < rows; row++) {
      int sequence = sequences.get(row);
      if (sequence < 0 || sequence >= slabs) {
        throw new IllegalArgumentException(
            String.format(
                "%s: row %d belongs to sequence %d, there are %d slabs",
                operation, row, sequence, slabs));
      }
      KvSlab slab = kv.slabs().get(sequence);
      long room = capacity.applyAsLong(slab);
      shape = shape == null ? slab.shape() : shape;
      if (!slab.shape().equals(shape)) {
        throw new IllegalArgumentException(
            operation + ": caches of one batch differ: " + shape + " and " + slab.shape());
      }
      int position = positions.get(row);
      if (position < 0 || position >= room) {
        throw new IllegalArgumentException(
            String.format(
                "%s: row %d is at position %d, its cache has room for %d; reserve more",
                operation, row, position, room));
      }
    }
    return shape;
  }

  private static void require(boolean fits, String operation, Tensor a, Tensor b) {
    if (!fits) {
      throw new IllegalArgumentException(
          operation + ": shapes do not fit: " + shape(a) + " and " + shape(b));
    }
  }

  private static void require(boolean fits, String operation, Tensor a, Weight w) {
    if (!fits) {
      throw new IllegalArgumentException(
          operation
              + ": shapes do not fit: "
              + shape(a)
              + " and weight "
              + w.rows()
              + " x "
              + w.columns());
    }
  }

  private static void requireRows(String operation, Tensor out, IntTensor list) {
    if (out.rows() != list.size()) {
      throw new IllegalArgumentException(
          operation + ": out is " + shape(out) + ", it needs " + list.size() + " rows");
    }
  }

  private static String shape(Tensor tensor) {
    return tensor.rows() + " x " + tensor.columns();
  }
}
