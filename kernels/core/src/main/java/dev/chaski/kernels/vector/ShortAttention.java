package dev.chaski.kernels.vector;

import static dev.chaski.kernels.vector.Lanes.FLOATS;

import dev.chaski.kernels.TensorType;
import dev.chaski.kernels.cpu.AttentionRows;
import dev.chaski.kernels.cpu.CpuKvSlab;
import dev.chaski.kernels.quant.LittleEndian;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * Attention over a single block of positions, in loops without the Vector API: the first prompt of
 * a process would otherwise wait for one more kernel to be compiled, and until then the Vector API
 * is a hundred times slower than this. Gives the bits that {@link VectorAttention} gives. Scratch
 * of one thread.
 */
final class ShortAttention {
  /** The longest sequence. */
  static final int MAX_LENGTH = CpuKvSlab.BLOCK;

  private static final int BLOCK = CpuKvSlab.BLOCK;

  private final float[] scores = new float[BLOCK];
  private final float[] totals = new float[FLOATS]; // Σ weight, each lane for itself
  private float[] keys = new float[0]; // (headDim, BLOCK)
  private float[] values = new float[0]; // (length, headDim)
  private float[] sums = new float[0]; // headDim: Σ weight * value
  private short[] halves = new short[0]; // keys or values as they are stored

  /**
   * As {@link dev.chaski.kernels.cpu.CpuKernels}{@code .attend}.
   *
   * @param rows that attend to at most {@link #MAX_LENGTH} positions
   */
  void attend(float[] out, float[] q, AttentionRows rows, int kvHead) {
    int headDim = rows.headDim();
    prepare(headDim);
    decode(rows.kv(), kvHead, headDim, rows.longest());
    float scale = (float) (1 / Math.sqrt(headDim));
    for (int row = 0; row < rows.count(); row++) {
      int length = rows.length(row);
      int end = rows.start(row, kvHead) + rows.group() * headDim;
      for (int at = rows.start(row, kvHead); at < end; at += headDim) {
        score(q, at, headDim, length);
        float total = softmax(length, scale);
        accumulate(headDim, length);
        for (int i = 0; i < headDim; i++) {
          out[at + i] = sums[i] / total;
        }
      }
    }
  }

  private void prepare(int headDim) {
    if (sums.length < headDim) {
      keys = new float[headDim * BLOCK];
      values = new float[BLOCK * headDim];
      sums = new float[headDim];
      halves = new short[BLOCK * headDim];
    }
  }

  private void decode(CpuKvSlab kv, int kvHead, int headDim, int length) {
    MemorySegment v = kv.values(0, kvHead);
    if (kv.shape().type() == TensorType.F16) {
      MemorySegment.copy(kv.keys(0, kvHead), LittleEndian.SHORT, 0, halves, 0, headDim * BLOCK);
      for (int d = 0; d < headDim; d++) {
        decode(halves, d * BLOCK, keys, length);
      }
      MemorySegment.copy(v, LittleEndian.SHORT, 0, halves, 0, length * headDim);
      decode(halves, 0, values, length * headDim);
    } else {
      kv.decodeKeys(0, kvHead, keys);
      kv.shape().type().decoder().decode(v, 0, values, 0, length * headDim);
    }
  }

  private static void decode(short[] from, int at, float[] to, int count) {
    for (int i = at; i < at + count; i++) {
      to[i] = Float.float16ToFloat(from[i]);
    }
  }

  /** {@code scores[p] = Σ q[d] * keys[d][p]}. */
  private void score(float[] q, int qAt, int headDim, int length) {
    Arrays.fill(scores, 0, length, 0f);
    for (int d = 0; d < headDim; d++) {
      addProducts(q[qAt + d], keys, d * BLOCK, scores, length);
    }
  }

  /** Turns scores into weights and answers their sum. */
  private float softmax(int length, float scale) {
    float max = Float.NEGATIVE_INFINITY;
    for (int p = 0; p < length; p++) {
      max = Math.max(max, scores[p]);
    }
    // As there, whole registers: what is behind the last position is not looked at.
    int whole = Math.ceilDiv(length, FLOATS) * FLOATS;
    VectorMath.exp(scores, 0, scores, 0, whole, scale, max);
    Arrays.fill(totals, 0f);
    for (int p = 0; p < length; p++) {
      totals[p % FLOATS] += scores[p];
    }
    return Lanes.sum(totals, 0);
  }

  /** {@code sums[d] = Σ weight[p] * values[p][d]}. */
  private void accumulate(int headDim, int length) {
    Arrays.fill(sums, 0, headDim, 0f);
    for (int p = 0; p < length; p++) {
      addProducts(scores[p], values, p * headDim, sums, headDim);
    }
  }

  /** {@code to[i] += factor * from[at + i]}, each rounded once. */
  private static void addProducts(float factor, float[] from, int at, float[] to, int count) {
    for (int i = 0; i < count; i++) {
      to[i] = Math.fma(factor, from[at + i], to[i]);
    }
  }
}
