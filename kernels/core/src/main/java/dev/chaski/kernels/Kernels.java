package dev.chaski.kernels;

import java.lang.foreign.MemorySegment;
import java.util.Optional;

/**
 * The operations a transformer is made of, on whole matrices. A model is written against this
 * interface and nothing else, so the same forward pass runs on every provider.
 *
 * <p>Shapes are written {@code (rows, columns)}; row {@code i} of every activation tensor belongs
 * to token {@code i} of the batch. Operations return nothing and write {@code out}; a provider may
 * run them later, only {@link #read}, {@link #readRows}, {@link #argmax} and {@link #await} wait
 * for the result. {@code out} must not be an input unless an operation says so. Handles belong to
 * the provider that made them.
 *
 * <p>Results do not depend on the number of threads, bit for bit. Shapes that do not fit together
 * are an {@link IllegalArgumentException}. Safe for use by several threads at once as long as they
 * do not share tensors that are written.
 */
public interface Kernels extends AutoCloseable {
  /** The provider's name, as {@link KernelsProvider#name}. */
  String name();

  /** What the computation runs on, for people: {@code "Vector API, 512 bits, 2 threads"}. */
  String description();

  /** A tensor of zeros with room for {@code rows} rows; it can be resized. */
  Tensor tensor(int rows, int columns);

  /** A list of integers, empty at first. */
  IntTensor ints();

  /**
   * A read-only matrix in stored form.
   *
   * @param data little-endian bytes, row after row; must stay mapped while the weight is used
   * @throws IllegalArgumentException if {@code data} is not exactly {@code rows * columns} values
   */
  default Weight weight(TensorType type, int rows, int columns, MemorySegment data) {
    return weight(type, rows, columns, data, Optional.empty());
  }

  /**
   * A read-only matrix whose stored values are multiplied by scales of their own.
   *
   * @param scale what they are multiplied by, if anything
   * @throws IllegalArgumentException also if the scales do not cover the weight exactly
   */
  Weight weight(
      TensorType type, int rows, int columns, MemorySegment data, Optional<WeightScale> scale);

  /** An empty store for the keys and values of one layer of one sequence. */
  KvSlab kvSlab(KvShape shape);

  /** Sets a row of {@code dst} from {@code src[0 .. columns)}. */
  void write(Tensor dst, int row, float[] src);

  /** Waits, then copies a row of {@code src} to {@code dst[dstOffset ..]}. */
  void read(Tensor src, int row, float[] dst, int dstOffset);

  /** Sets all rows of {@code dst}, which lie one after the other at the start of {@code src}. */
  default void writeRows(Tensor dst, float[] src) {
    float[] row = new float[dst.columns()];
    for (int i = 0; i < dst.rows(); i++) {
      System.arraycopy(src, i * row.length, row, 0, row.length);
      write(dst, i, row);
    }
  }

  /** Waits, then copies all rows of {@code src} to the start of {@code dst}. */
  default void readRows(Tensor src, float[] dst) {
    for (int i = 0; i < src.rows(); i++) {
      read(src, i, dst, i * src.columns());
    }
  }

  /** Waits until all that was called before has run, where it runs later at all. */
  default void await() {}

  /** The device, if there is one, that has to have room for all weights, caches and tensors. */
  default Optional<DeviceSpace> deviceSpace() {
    return Optional.empty();
  }

  /** Waits, then answers the lowest index of the largest value of a row. */
  int argmax(Tensor x, int row);

  /**
   * Rows that a batch may have for each to get the bits that it would get in a batch of its own.
   * Larger ones may be multiplied in another order, which differs by rounding. At least 1.
   */
  default int exactRows() {
    return 1;
  }

  /** {@code out[i] = table[ids[i]]}; out (n, columns), ids n. */
  void embed(Tensor out, Weight table, IntTensor ids);

  /** {@code out[i] = x[rows[i]]}; out (rows.size, columns). */
  void gatherRows(Tensor out, Tensor x, IntTensor rows);

  /**
   * Root-mean-square norm: {@code out = x / sqrt(mean(x²) + eps) * gain} for each row. Source:
   * Zhang and Sennrich 2019.
   *
   * @param out (n, columns), may be {@code x}
   * @param x (n, columns)
   * @param gain (1, columns)
   */
  void rmsNorm(Tensor out, Tensor x, Tensor gain, float eps);

  /** {@code out = x · wᵀ}; out (n, w.rows), x (n, w.columns). */
  void matmul(Tensor out, Weight w, Tensor x);

  /** {@code out += x · wᵀ}; out (n, w.rows), x (n, w.columns). */
  void matmulAdd(Tensor out, Weight w, Tensor x);

  /** The three projections of attention from one input: one region where that is faster. */
  default void matmulQkv(Tensor q, Tensor k, Tensor v, Weight wq, Weight wk, Weight wv, Tensor x) {
    matmul(q, wq, x);
    matmul(k, wk, x);
    matmul(v, wv, x);
  }

  /** The first half of the feed-forward block: {@code gate = silu(x · wGateᵀ) * (x · wUpᵀ)}. */
  default void matmulSwiGlu(Tensor gate, Tensor up, Weight wGate, Weight wUp, Tensor x) {
    matmul(gate, wGate, x);
    matmul(up, wUp, x);
    swiGlu(gate, up);
  }

  /**
   * {@code gate = silu(gate) * up}, element by element, both (n, columns). Source: Shazeer 2020.
   */
  void swiGlu(Tensor gate, Tensor up);

  /**
   * The rotations of a pass, once for all layers: {@code out[i] = cos, sin, cos, sin, …} of {@code
   * positions[i] * frequency}, computed in double precision.
   *
   * @param out (n, 2 * rope.size)
   */
  void ropeAngles(Tensor out, RopeFrequencies rope, IntTensor positions);

  /**
   * Rotates pairs of each head of each row of {@code x} in place. Source: Su et al. 2021.
   *
   * @param x (n, heads * angles.columns)
   * @param angles (n, headDim), from {@link #ropeAngles}
   */
  void rope(Tensor x, Tensor angles, RopePairing pairing);

  /**
   * Writes keys and values into the cache.
   *
   * @param kv row {@code i} belongs to slab {@code kv.slabOf(i)}
   * @param k (n, numKvHeads * headDim), already rotated
   * @param v (n, numKvHeads * headDim)
   * @param positions n, the place of each row in its slab; slabs have been reserved that far
   */
  void storeKv(KvRows kv, Tensor k, Tensor v, IntTensor positions);

  /**
   * Causal grouped-query attention: row {@code i} attends to positions {@code 0 .. positions[i]} of
   * its slab; query head {@code h} reads key/value head {@code h * numKvHeads / numHeads}; scores
   * are scaled by {@code 1 / sqrt(headDim)}. Source: Ainslie et al. 2023.
   *
   * @param out (n, numHeads * headDim)
   * @param q (n, numHeads * headDim), already rotated
   */
  void attention(Tensor out, Tensor q, KvRows kv, int numHeads, IntTensor positions);

  /** Stops the threads; tensors and slabs of this provider must not be used afterwards. */
  @Override
  void close();
}
