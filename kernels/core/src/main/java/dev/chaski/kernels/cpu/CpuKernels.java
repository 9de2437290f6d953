package dev.chaski.kernels.cpu;

import dev.chaski.kernels.IntTensor;
import dev.chaski.kernels.KernelArguments;
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
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Base of the CPU providers: it checks shapes, finds the arrays behind the handles and does what is
 * cheap; the {@code protected} methods are the work that providers do differently.
 */
public abstract class CpuKernels implements Kernels {
  /** Multiplications that take about as long as waking a thread, some ten microseconds. */
  private static final long MIN_REGION_WORK = 128 * 1024;

  /** Rows for which keys and values are decoded once: their sums stay in the second-level cache. */
  private static final int MAX_ATTENTION_ROWS = 32;

  /** Parts of a prompt's attention take different times, for each row sees what came before it. */
  private static final int TASKS_PER_THREAD = 4;

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
    KernelArguments.checkEmbed(out, table, ids);
    for (int i = 0; i < ids.size(); i++) {
      from.decodeRow(Objects.checkIndex(ids.get(i), from.rows()), to.data(), i * to.columns());
    }
  }

  @Override
  public final void gatherRows(Tensor out, Tensor x, IntTensor rows) {
    CpuTensor to = cpu(out);
    CpuTensor from = cpu(x);
    KernelArguments.checkGatherRows(out, x, rows);
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
    KernelArguments.checkRmsNorm(out, x, gain);
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
    KernelArguments.checkMatmul(operation, out, w, x);
    multiply(out, w, x, add);
  }

  @Override
  public final void swiGlu(Tensor gate, Tensor up) {
    CpuTensor g = cpu(gate);
    CpuTensor u = cpu(up);
    int columns = g.columns();
    KernelArguments.checkSameShape("swiGlu", gate, up);
    forEachRow(g.rows(), columns, row -> swiGluRow(g.data(), u.data(), row * columns, columns));
  }

  @Override
  public final void ropeAngles(Tensor out, RopeFrequencies rope, IntTensor positions) {
    CpuTensor to = cpu(out);
    int pairs = rope.size();
    KernelArguments.checkRopeAngles(out, rope, positions);
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
    KernelArguments.checkRope(x, angles);
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
    KernelArguments.checkSameShape("storeKv", k, v);
    if (keys.rows() == 0) {
      return;
    }
    KernelArguments.checkStoreKv(k, kv, positions, CpuKernels::capacity);
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
    KernelArguments.checkSameShape("attention", out, q);
    if (from.rows() == 0) {
      return;
    }
    KvShape shape =
        KernelArguments.checkAttention(q, kv, numHeads, positions, CpuKernels::capacity);
    int numKvHeads = shape.numKvHeads();
    List<AttentionRows> parts = attentionParts(kv, numHeads, numKvHeads, positions);
    runIfWorthIt(
        parts.size() * numKvHeads,
        attentionWork(from, positions),
        task -> attend(to.data(), from.data(), parts.get(task / numKvHeads), task % numKvHeads));
  }

  /** Rows of one cache together, but in enough parts for all threads. */
  private List<AttentionRows> attentionParts(
      KvRows kv, int numHeads, int numKvHeads, IntTensor positions) {
    int rows = positions.size();
    int parts = Math.ceilDiv(TASKS_PER_THREAD * pool.threads(), numKvHeads);
    int limit = Math.clamp(rows / parts, 1, MAX_ATTENTION_ROWS);
    List<AttentionRows> result = new ArrayList<>();
    for (int row = 0; row < rows; ) {
      int end = row + 1;
      while (end < rows
          && end - row < limit
          && kv.sequences().get(end) == kv.sequences().get(row)) {
        end++;
      }
      result.add(new AttentionRows(cpu(kv.slabOf(row)), positions, row, end - row, numHeads));
      row = end;
    }
    return result;
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
   * Attention of some rows, for the query heads that share key/value head {@code kvHead}. What a
   * row gets does not depend on the rows beside it.
   *
   * @param out (batch, numHeads, headDim)
   * @param q (batch, numHeads, headDim)
   */
  protected abstract void attend(float[] out, float[] q, AttentionRows rows, int kvHead);

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
    throw KernelArguments.foreign(tensor);
  }

  private static CpuWeight cpu(Weight weight) {
    if (weight instanceof CpuWeight cpu) {
      return cpu;
    }
    throw KernelArguments.foreign(weight);
  }

  private static CpuKvSlab cpu(KvSlab slab) {
    if (slab instanceof CpuKvSlab cpu) {
      return cpu;
    }
    throw KernelArguments.foreign(slab);
  }

  private static long capacity(KvSlab slab) {
    return cpu(slab).capacity();
  }
}
