package dev.chaski.kernels.cpu;

import dev.chaski.kernels.IntTensor;
import dev.chaski.kernels.Kernels;
import dev.chaski.kernels.KvRows;
import dev.chaski.kernels.KvShape;
import dev.chaski.kernels.KvSlab;
import dev.chaski.kernels.RopeFrequencies;
import dev.chaski.kernels.RopePairing;
import dev.chaski.kernels.Tensor;
import dev.chaski.kernels.TensorType;
import dev.chaski.kernels.Weight;
import dev.chaski.kernels.WeightScale;
import dev.chaski.kernels.parallel.WorkerPool;
import java.lang.foreign.MemorySegment;
import java.util.Objects;
import java.util.Optional;

/**
 * Base of the CPU providers: it checks shapes, finds the arrays behind the handles and does what is
 * cheap; the {@code protected} methods are the work that providers do differently.
 */
public abstract class CpuKernels implements Kernels {
  /** Multiplications that take about as long as waking a thread, some ten microseconds. */
  private static final long MIN_REGION_WORK = 128 * 1024;

  private final WorkerPool pool;

  protected CpuKernels(WorkerPool pool) {
    this.pool = pool;
  }

  /** The threads of every operation. */
  protected final WorkerPool pool() {
    return pool;
  }

  @Override
  public final Tensor tensor(int rows, int columns) {
    return new CpuTensor(rows, columns);
  }

  @Override
  public final IntTensor ints() {
    return new CpuIntTensor();
  }

  @Override
  public final Weight weight(
      TensorType type, int rows, int columns, MemorySegment data, Optional<WeightScale> scale) {
    return CpuWeight.of(type, rows, columns, data, scale);
  }

  @Override
  public final KvSlab kvSlab(KvShape shape) {
    return new CpuKvSlab(shape);
  }

  @Override
  public final void write(Tensor dst, int row, float[] src) {
    CpuTensor to = cpu(dst);
    Objects.checkIndex(row, to.rows());
    System.arraycopy(src, 0, to.data(), row * to.columns(), to.columns());
  }

  @Override
  public final void read(Tensor src, int row, float[] dst, int dstOffset) {
    CpuTensor from = cpu(src);
    Objects.checkIndex(row, from.rows());
    System.arraycopy(from.data(), row * from.columns(), dst, dstOffset, from.columns());
  }

  @Override
  public int argmax(Tensor x, int row) {
    CpuTensor from = cpu(x);
    int start = Objects.checkIndex(row, from.rows()) * from.columns();
    float[] data = from.data();
    int best = 0;
    for (int i = 1; i < from.columns(); i++) {
      if (data[start + i] > data[start + best]) {
        best = i;
      }
    }
    return best;
  }

  @Override
  public final void embed(Tensor out, Weight table, IntTensor ids) {
    CpuTensor to = cpu(out);
    CpuWeight from = cpu(table);
    require(to.columns() == from.columns(), "embed", out, table);
    requireRows("embed", out, ids);
    for (int i = 0; i < ids.size(); i++) {
      from.decodeRow(Objects.checkIndex(ids.get(i), from.rows()), to.data(), i * to.columns());
    }
  }

  @Override
  public final void gatherRows(Tensor out, Tensor x, IntTensor rows) {
    CpuTensor to = cpu(out);
    CpuTensor from = cpu(x);
    require(to.columns() == from.columns(), "gatherRows", out, x);
    requireRows("gatherRows", out, rows);
    int columns = to.columns();
    for (int i = 0; i < rows.size(); i++) {
      int row = Objects.checkIndex(rows.get(i), from.rows());
      System.arraycopy(from.data(), row * columns, to.data(), i * columns, columns);
    }
  }

  @Override
  public final void rmsNorm(Tensor out, Tensor x, Tensor gain, float eps) {
    CpuTensor to = cpu(out);
    CpuTensor from = cpu(x);
    CpuTensor by = cpu(gain);
    int columns = to.columns();
    require(columns == from.columns() && to.rows() == from.rows(), "rmsNorm", out, x);
    require(columns == by.columns() && by.rows() == 1, "rmsNorm", out, gain);
    forEachRow(
        to.rows(),
        columns,
        row -> rmsNormRow(to.data(), from.data(), row * columns, by.data(), columns, eps));
  }

  @Override
  public final void matmul(Tensor out, Weight w, Tensor x) {
    matmul("matmul", cpu(out), cpu(w), cpu(x), false);
  }

  @Override
  public final void matmulAdd(Tensor out, Weight w, Tensor x) {
    matmul("matmulAdd", cpu(out), cpu(w), cpu(x), true);
  }

  private void matmul(String operation, CpuTensor out, CpuWeight w, CpuTensor x, boolean add) {
    require(out.columns() == w.rows(), operation, out, w);
    require(x.columns() == w.columns(), operation, x, w);
    require(x.rows() == out.rows(), operation, out, x);
    multiply(out, w, x, add);
  }

  @Override
  public final void swiGlu(Tensor gate, Tensor up) {
    CpuTensor g = cpu(gate);
    CpuTensor u = cpu(up);
    int columns = g.columns();
    require(columns == u.columns() && g.rows() == u.rows(), "swiGlu", gate, up);
    forEachRow(g.rows(), columns, row -> swiGluRow(g.data(), u.data(), row * columns, columns));
  }

  @Override
  public final void ropeAngles(Tensor out, RopeFrequencies rope, IntTensor positions) {
    CpuTensor to = cpu(out);
    int pairs = rope.size();
    if (to.columns() != 2 * pairs || to.rows() != positions.size()) {
      throw new IllegalArgumentException(
          "ropeAngles: out is "
              + shape(out)
              + ", expected "
              + positions.size()
              + " x "
              + 2 * pairs);
    }
    forEachRow(
        to.rows(),
        16 * pairs,
        row -> {
          int at = row * 2 * pairs;
          for (int i = 0; i < pairs; i++) {
            double angle = rope.angle(i, positions.get(row));
            to.data()[at + 2 * i] = (float) Math.cos(angle);
            to.data()[at + 2 * i + 1] = (float) Math.sin(angle);
          }
        });
  }

  @Override
  public final void rope(Tensor x, Tensor angles, RopePairing pairing) {
    CpuTensor values = cpu(x);
    CpuTensor by = cpu(angles);
    int headDim = by.columns();
    require(values.columns() % headDim == 0 && values.rows() == by.rows(), "rope", x, angles);
    // The second value of pair i is at first + stride, first = i * step.
    int step = pairing == RopePairing.INTERLEAVED ? 2 : 1;
    int stride = pairing == RopePairing.INTERLEAVED ? 1 : headDim / 2;
    forEachRow(
        values.rows(),
        values.columns(),
        row -> {
          int start = row * values.columns();
          for (int at = start; at < start + values.columns(); at += headDim) {
            rotate(values.data(), at, step, stride, by.data(), row * headDim, headDim);
          }
        });
  }

  private static void rotate(
      float[] x, int at, int step, int stride, float[] angles, int angle, int headDim) {
    for (int i = 0; i < headDim / 2; i++) {
      int first = at + i * step;
      float cos = angles[angle + 2 * i];
      float sin = angles[angle + 2 * i + 1];
      float a = x[first];
      float b = x[first + stride];
      x[first] = a * cos - b * sin;
      x[first + stride] = a * sin + b * cos;
    }
  }

  @Override
  public final void storeKv(KvRows kv, Tensor k, Tensor v, IntTensor positions) {
    CpuTensor keys = cpu(k);
    CpuTensor values = cpu(v);
    require(keys.columns() == values.columns() && keys.rows() == values.rows(), "storeKv", k, v);
    if (keys.rows() == 0) {
      return;
    }
    KvShape shape = requirePlaces("storeKv", keys.rows(), kv, positions);
    if (keys.columns() != shape.columns()) {
      throw new IllegalArgumentException("storeKv: k is " + shape(k) + ", the cache " + shape);
    }
    forEachRow(
        keys.rows(),
        2 * keys.columns(),
        row ->
            cpu(kv.slabOf(row))
                .store(positions.get(row), keys.data(), values.data(), row * keys.columns()));
  }

  @Override
  public final void attention(Tensor out, Tensor q, KvRows kv, int numHeads, IntTensor positions) {
    CpuTensor to = cpu(out);
    CpuTensor from = cpu(q);
    require(to.columns() == from.columns() && to.rows() == from.rows(), "attention", out, q);
    if (from.rows() == 0) {
      return;
    }
    KvShape shape = requirePlaces("attention", from.rows(), kv, positions);
    if (from.columns() != numHeads * shape.headDim() || numHeads % shape.numKvHeads() != 0) {
      throw new IllegalArgumentException(
          "attention: q has "
              + from.columns()
              + " columns for "
              + numHeads
              + " heads, the cache "
              + shape);
    }
    int numKvHeads = shape.numKvHeads();
    runIfWorthIt(
        from.rows() * numKvHeads,
        attentionWork(from, positions),
        task -> {
          int row = task / numKvHeads;
          attend(
              to.data(),
              from.data(),
              row * from.columns(),
              numHeads / numKvHeads,
              cpu(kv.slabOf(row)),
              task % numKvHeads,
              positions.get(row) + 1);
        });
  }

  @Override
  public void close() {
    pool.close();
  }

  /** {@code out (+)= x · wᵀ}; shapes are checked. */
  protected abstract void multiply(CpuTensor out, CpuWeight w, CpuTensor x, boolean add);

  /** Norm of {@code x[at .. at + n)} into the same place of {@code out}. */
  protected abstract void rmsNormRow(
      float[] out, float[] x, int at, float[] gain, int n, float eps);

  /** {@code gate = silu(gate) * up} for {@code [at .. at + n)} of both. */
  protected abstract void swiGluRow(float[] gate, float[] up, int at, int n);

  /**
   * Attention of one row for the query heads that share key/value head {@code kvHead}.
   *
   * @param out (numHeads, headDim) at {@code at}
   * @param q (numHeads, headDim) at {@code at}
   * @param group query heads that share it; theirs are heads {@code kvHead * group ..}
   * @param length positions to attend to, at least 1
   */
  protected abstract void attend(
      float[] out, float[] q, int at, int group, CpuKvSlab kv, int kvHead, int length);

  /** Multiplications of keys and queries. */
  private static long attentionWork(CpuTensor q, IntTensor positions) {
    long work = 0;
    for (int row = 0; row < q.rows(); row++) {
      work += (positions.get(row) + 1L) * q.columns();
    }
    return work;
  }

  /** A region, unless the caller is as soon done alone: then nobody is woken or waited for. */
  private void runIfWorthIt(int tasks, long work, WorkerPool.Task task) {
    if (work >= MIN_REGION_WORK) {
      pool.run(tasks, task);
      return;
    }
    for (int i = 0; i < tasks; i++) {
      task.run(i);
    }
  }

  /** Rows in parallel, but not so few that waking a thread costs more than the work. */
  private void forEachRow(int rows, int workPerRow, WorkerPool.Task task) {
    int minWork = 16_384;
    int rowsPerTask = Math.max(1, minWork / Math.max(1, workPerRow));
    int tasks = (rows + rowsPerTask - 1) / rowsPerTask;
    pool.run(
        tasks,
        index -> {
          int end = Math.min(rows, (index + 1) * rowsPerTask);
          for (int row = index * rowsPerTask; row < end; row++) {
            task.run(row);
          }
        });
  }

  private static CpuTensor cpu(Tensor tensor) {
    if (tensor instanceof CpuTensor cpu) {
      return cpu;
    }
    throw foreign(tensor);
  }

  private static CpuWeight cpu(Weight weight) {
    if (weight instanceof CpuWeight cpu) {
      return cpu;
    }
    throw foreign(weight);
  }

  private static CpuKvSlab cpu(KvSlab slab) {
    if (slab instanceof CpuKvSlab cpu) {
      return cpu;
    }
    throw foreign(slab);
  }

  private static IllegalArgumentException foreign(Object handle) {
    return new IllegalArgumentException(
        "made by another provider: " + handle.getClass().getName() + "; use one Kernels for all");
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

  /**
   * Each of {@code rows} rows has a sequence, and a position that its slab has room for.
   *
   * @return the shape of all slabs
   */
  private static KvShape requirePlaces(String operation, int rows, KvRows kv, IntTensor positions) {
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
      CpuKvSlab slab = cpu(kv.slabs().get(sequence));
      shape = shape == null ? slab.shape() : shape;
      if (!slab.shape().equals(shape)) {
        throw new IllegalArgumentException(
            operation + ": caches of one batch differ: " + shape + " and " + slab.shape());
      }
      int position = positions.get(row);
      if (position < 0 || position >= slab.capacity()) {
        throw new IllegalArgumentException(
            String.format(
                "%s: row %d is at position %d, its cache has room for %d; reserve more",
                operation, row, position, slab.capacity()));
      }
    }
    return shape;
  }

  private static String shape(Tensor tensor) {
    return tensor.rows() + " x " + tensor.columns();
  }
}
