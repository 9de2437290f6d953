package dev.chaski.kernels.vector;

import static dev.chaski.kernels.vector.Lanes.F;
import static dev.chaski.kernels.vector.Lanes.FLOATS;

import dev.chaski.kernels.WeightScale;
import dev.chaski.kernels.cpu.AttentionRows;
import dev.chaski.kernels.cpu.CpuKernels;
import dev.chaski.kernels.cpu.CpuTensor;
import dev.chaski.kernels.cpu.CpuWeight;
import dev.chaski.kernels.parallel.WorkerPool;
import java.util.Arrays;
import java.util.Optional;
import jdk.incubator.vector.FloatVector;

/** CPU kernels on the Vector API. One weight row belongs to one task, so threads never matter. */
final class VectorKernels extends CpuKernels {
  /** Bytes of weights in one task of a matrix times vector: long runs that memory likes. */
  private static final long MATVEC_TASK_BYTES = 128 * 1024;

  private final VectorFormats formats = new VectorFormats();
  private final Tiles tiles = new Tiles();
  private final ThreadLocal<WeightPanel> panels = ThreadLocal.withInitial(WeightPanel::new);
  private final ThreadLocal<float[]> packedTokens = ThreadLocal.withInitial(() -> new float[0]);
  private final ThreadLocal<float[]> scratches = ThreadLocal.withInitial(() -> new float[0]);
  private final ThreadLocal<VectorAttention> attentions =
      ThreadLocal.withInitial(VectorAttention::new);
  private final ThreadLocal<ShortAttention> shortAttentions =
      ThreadLocal.withInitial(ShortAttention::new);

  VectorKernels(WorkerPool pool) {
    super(pool);
  }

  @Override
  public int exactRows() {
    return Tiles.MAX_TOKENS;
  }

  @Override
  public String name() {
    return "vector";
  }

  @Override
  public String description() {
    int threads = pool().threads();
    return VectorProvider.detail() + ", " + threads + (threads == 1 ? " thread" : " threads");
  }

  @Override
  protected void multiply(CpuTensor out, CpuWeight w, CpuTensor x, boolean add) {
    if (x.rows() <= Tiles.MAX_TOKENS) {
      Optional<TileFormat> format = tiles.of(w);
      if (format.isPresent()) {
        tiles.multiply(pool(), format.get(), out, w, x, add);
      } else {
        matvec(out, w, x, add);
      }
    } else {
      gemm(out, w, x, add);
    }
  }

  /** Each row of {@code x} by itself, while the weights of a task are in the cache. */
  private void matvec(CpuTensor out, CpuWeight w, CpuTensor x, boolean add) {
    VectorFormat format = formats.of(w.type());
    int rowsPerTask = (int) Math.max(1, MATVEC_TASK_BYTES / w.rowBytes() / VectorFormat.ROWS);
    int step = rowsPerTask * VectorFormat.ROWS;
    pool()
        .run(
            (w.rows() + step - 1) / step,
            task -> {
              int first = task * step;
              int rows = Math.min(step, w.rows() - first);
              for (int token = 0; token < x.rows(); token++) {
                matvec(format, out, w, x, token, first, rows, add);
              }
            });
  }

  private void matvec(
      VectorFormat format,
      CpuTensor out,
      CpuWeight w,
      CpuTensor x,
      int token,
      int first,
      int rows,
      boolean add) {
    int xAt = token * w.columns();
    int outAt = token * w.rows() + first;
    if (w.scale().isPresent()) {
      scaledMatvec(format, out.data(), outAt, w, w.scale().get(), x.data(), xAt, first, rows, add);
    } else {
      long at = first * w.rowBytes();
      format.matvec(
          w.data(), at, w.rowBytes(), rows, w.columns(), x.data(), xAt, out.data(), outAt, add);
    }
  }

  /** Each block of columns is multiplied by itself, then its sums are scaled and added up. */
  private void scaledMatvec(
      VectorFormat format,
      float[] out,
      int outAt,
      CpuWeight w,
      WeightScale scale,
      float[] x,
      int xAt,
      int first,
      int rows,
      boolean add) {
    float[] scratch = atLeast(2 * rows, scratches); // sums of one block, then of all blocks so far
    Arrays.fill(scratch, rows, 2 * rows, 0);
    for (int block = 0; block < scale.blocks(); block++) {
      int start = block == 0 ? 0 : block * scale.blockColumns();
      int columns = Math.min(scale.blockColumns(), w.columns() - start);
      long at = first * w.rowBytes() + w.type().byteSize(start);
      format.matvec(w.data(), at, w.rowBytes(), rows, columns, x, xAt + start, scratch, 0, false);
      for (int r = 0; r < rows; r++) {
        scratch[rows + r] += scale.at(first + r, block) * scratch[r];
      }
    }
    for (int r = 0; r < rows; r++) {
      VectorFormat.store(out, outAt + r, scratch[rows + r], add);
    }
  }

  private void gemm(CpuTensor out, CpuWeight w, CpuTensor x, boolean add) {
    VectorFormat format = formats.of(w.type());
    int tokens = x.rows();
    int columns = w.columns();
    float[] packed = atLeast(VectorGemm.packedSize(tokens, columns), packedTokens);
    pool()
        .run(
            Math.ceilDiv(tokens, VectorGemm.TOKENS),
            task -> VectorGemm.pack(x.data(), task * VectorGemm.TOKENS, tokens, columns, packed));
    int count = WeightPanel.count(w, tokens, pool().threads());
    pool()
        .run(
            count, task -> panels.get().multiply(format, w, task, count, packed, tokens, out, add));
  }

  /** Scratch of this thread, at least {@code size} floats. */
  private static float[] atLeast(int size, ThreadLocal<float[]> scratches) {
    float[] scratch = scratches.get();
    if (scratch.length < size) {
      scratch = new float[size];
      scratches.set(scratch);
    }
    return scratch;
  }

  @Override
  protected void rmsNormRow(float[] out, float[] x, int at, float[] gain, int n, float eps) {
    float scale = (float) (1 / Math.sqrt(VectorMath.sumOfSquares(x, at, n) / n + eps));
    for (int i = 0; i < n; i++) {
      out[at + i] = x[at + i] * scale * gain[i];
    }
  }

  @Override
  protected void swiGluRow(float[] gate, float[] up, int at, int n) {
    float[] exp = atLeast(n, scratches);
    VectorMath.exp(exp, 0, gate, at, n, -1, 0);
    int i = 0;
    for (; i + FLOATS <= n; i += FLOATS) {
      FloatVector.fromArray(F, gate, at + i)
          .div(FloatVector.fromArray(F, exp, i).add(1))
          .mul(FloatVector.fromArray(F, up, at + i))
          .intoArray(gate, at + i);
    }
    for (; i < n; i++) {
      gate[at + i] = gate[at + i] / (1 + exp[i]) * up[at + i];
    }
  }

  @Override
  protected void attend(float[] out, float[] q, AttentionRows rows, int kvHead) {
    if (rows.longest() <= ShortAttention.MAX_LENGTH) {
      shortAttentions.get().attend(out, q, rows, kvHead);
      return;
    }
    VectorFormat format = formats.of(rows.kv().shape().type());
    attentions.get().attend(format, out, q, rows, kvHead);
  }
}
