package dev.chaski.kernels.scalar;

import dev.chaski.kernels.cpu.AttentionRows;
import dev.chaski.kernels.cpu.CpuKernels;
import dev.chaski.kernels.cpu.CpuKvSlab;
import dev.chaski.kernels.cpu.CpuTensor;
import dev.chaski.kernels.cpu.CpuWeight;
import dev.chaski.kernels.parallel.WorkerPool;
import dev.chaski.kernels.quant.BlockDecoder;
import java.util.Arrays;

/** Every operation as its formula says, with sums in double precision. */
final class ScalarKernels extends CpuKernels {
  /** Weight rows of one task: enough work to be worth a thread's attention. */
  private static final int ROWS_PER_TASK = 16;

  ScalarKernels(WorkerPool pool) {
    super(pool);
  }

  /** Rows are multiplied one by one. */
  @Override
  public int exactRows() {
    return Integer.MAX_VALUE;
  }

  @Override
  public String name() {
    return "scalar";
  }

  @Override
  public String description() {
    return "plain Java, " + pool().threads() + (pool().threads() == 1 ? " thread" : " threads");
  }

  @Override
  protected void multiply(CpuTensor out, CpuWeight w, CpuTensor x, boolean add) {
    int tasks = (w.rows() + ROWS_PER_TASK - 1) / ROWS_PER_TASK;
    pool()
        .run(
            tasks,
            task -> {
              float[] row = new float[w.columns()];
              int end = Math.min(w.rows(), (task + 1) * ROWS_PER_TASK);
              for (int r = task * ROWS_PER_TASK; r < end; r++) {
                w.type().decoder().decode(w.data(), r * w.rowBytes(), row, 0, w.columns());
                w.applyScale(r, row, 0);
                for (int n = 0; n < x.rows(); n++) {
                  float sum = (float) dot(row, 0, x.data(), n * w.columns(), w.columns());
                  int at = n * w.rows() + r;
                  out.data()[at] = add ? out.data()[at] + sum : sum;
                }
              }
            });
  }

  @Override
  protected void rmsNormRow(float[] out, float[] x, int at, float[] gain, int n, float eps) {
    double scale = 1 / Math.sqrt(dot(x, at, x, at, n) / n + eps);
    for (int i = 0; i < n; i++) {
      out[at + i] = (float) (x[at + i] * scale) * gain[i];
    }
  }

  @Override
  protected void swiGluRow(float[] gate, float[] up, int at, int n) {
    for (int i = at; i < at + n; i++) {
      gate[i] = (float) (gate[i] / (1 + Math.exp(-gate[i])) * up[i]);
    }
  }

  @Override
  protected void attend(float[] out, float[] q, AttentionRows rows, int kvHead) {
    for (int row = 0; row < rows.count(); row++) {
      attend(out, q, rows.start(row, kvHead), rows.group(), rows.kv(), kvHead, rows.length(row));
    }
  }

  private static void attend(
      float[] out, float[] q, int at, int group, CpuKvSlab kv, int kvHead, int length) {
    int headDim = kv.shape().headDim();
    BlockDecoder decoder = kv.shape().type().decoder();
    float[] block = new float[CpuKvSlab.BLOCK * headDim];
    double[] weights = new double[length];
    double[] sum = new double[headDim];
    for (int head = 0; head < group; head++) {
      double max = Double.NEGATIVE_INFINITY;
      for (int p = 0; p < length; p++) {
        int inBlock = p % CpuKvSlab.BLOCK;
        if (inBlock == 0) {
          kv.decodeKeys(p / CpuKvSlab.BLOCK, kvHead, block);
        }
        double score = 0;
        for (int i = 0; i < headDim; i++) {
          score += (double) q[at + head * headDim + i] * block[i * CpuKvSlab.BLOCK + inBlock];
        }
        weights[p] = score / Math.sqrt(headDim);
        max = Math.max(max, weights[p]);
      }
      double total = 0;
      for (int p = 0; p < length; p++) {
        weights[p] = Math.exp(weights[p] - max);
        total += weights[p];
      }
      Arrays.fill(sum, 0);
      for (int p = 0; p < length; p++) {
        int inBlock = p % CpuKvSlab.BLOCK;
        if (inBlock == 0) {
          decoder.decode(kv.values(p / CpuKvSlab.BLOCK, kvHead), 0, block, 0, block.length);
        }
        for (int i = 0; i < headDim; i++) {
          sum[i] += weights[p] * block[inBlock * headDim + i];
        }
      }
      for (int i = 0; i < headDim; i++) {
        out[at + head * headDim + i] = (float) (sum[i] / total);
      }
    }
  }

  private static double dot(float[] a, int aOffset, float[] b, int bOffset, int n) {
    double sum = 0;
    for (int i = 0; i < n; i++) {
      sum += (double) a[aOffset + i] * b[bOffset + i];
    }
    return sum;
  }
}
