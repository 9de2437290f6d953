package dev.chaski.kernels.vector;

import static dev.chaski.kernels.vector.Lanes.B;
import static dev.chaski.kernels.vector.Lanes.BYTES;
import static dev.chaski.kernels.vector.Lanes.BYTE_PARTS;
import static dev.chaski.kernels.vector.Lanes.F;
import static dev.chaski.kernels.vector.Lanes.FLOATS;
import static java.nio.ByteOrder.LITTLE_ENDIAN;

import dev.chaski.kernels.cpu.CpuKvSlab;
import dev.chaski.kernels.cpu.QuantizedKeys;
import dev.chaski.kernels.quant.LittleEndian;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;

/**
 * Attention of one row for the query heads that share a key/value head, in one walk over the cache:
 * each block of keys and values is decoded once for all of them, and the softmax is kept up to date
 * as blocks come (Milakov and Gimelshein 2018). Scratch of one thread.
 */
final class VectorAttention {
  private static final int BLOCK = CpuKvSlab.BLOCK;

  private float[] block = new float[0]; // one decoded block of keys or of values
  private float[] sums = new float[0]; // (group, headDim): Σ weight * value
  private final float[] scales = new float[BLOCK]; // of a group of quantised keys
  private float[] scores = new float[0]; // (group, BLOCK)
  private float[] max = new float[0]; // group: the largest score so far
  private float[] total = new float[0]; // group: Σ weight

  /** As {@link dev.chaski.kernels.cpu.CpuKernels}{@code .attend}. */
  void attend(
      VectorFormat format,
      float[] out,
      float[] q,
      int at,
      int group,
      CpuKvSlab kv,
      int kvHead,
      int length) {
    int headDim = kv.shape().headDim();
    prepare(group, headDim);
    int firstHead = at + kvHead * group * headDim;
    float scale = (float) (1 / Math.sqrt(headDim));
    for (int start = 0; start < length; start += BLOCK) {
      int count = Math.min(BLOCK, length - start);
      MemorySegment keys = kv.keys(start / BLOCK, kvHead);
      if (kv.hasQuantizedKeys()) {
        decodeQuantizedKeys(keys, headDim);
      } else {
        format.decode(keys, 0, block, 0, BLOCK * headDim);
      }
      for (int head = 0; head < group; head++) {
        score(q, firstHead + head * headDim, headDim, scores, head * BLOCK);
        updateSoftmax(head, count, headDim, scale);
      }
      format.decode(kv.values(start / BLOCK, kvHead), 0, block, 0, count * headDim);
      for (int head = 0; head < group; head++) {
        accumulate(head, count, headDim);
      }
    }
    for (int head = 0; head < group; head++) {
      for (int i = 0; i < headDim; i++) {
        out[firstHead + head * headDim + i] = sums[head * headDim + i] / total[head];
      }
    }
  }

  /** As {@link QuantizedKeys}{@code .decode}. */
  private void decodeQuantizedKeys(MemorySegment keys, int headDim) {
    for (int d = 0; d < headDim; d++) {
      if (d % QuantizedKeys.GROUP == 0) {
        long scalesAt = QuantizedKeys.scaleOffset(headDim, d / QuantizedKeys.GROUP, 0);
        for (int p = 0; p < BLOCK; p++) {
          scales[p] = LittleEndian.half(keys, scalesAt + 2L * p);
        }
      }
      for (int p = 0; p < BLOCK; p += BYTES) {
        ByteVector codes =
            ByteVector.fromMemorySegment(B, keys, (long) d * BLOCK + p, LITTLE_ENDIAN);
        for (int part = 0; part < BYTE_PARTS; part++) {
          int at = p + part * FLOATS;
          ((FloatVector) codes.castShape(F, part))
              .mul(FloatVector.fromArray(F, scales, at))
              .intoArray(block, d * BLOCK + at);
        }
      }
    }
  }

  private void prepare(int group, int headDim) {
    if (block.length < BLOCK * headDim || sums.length < group * headDim || max.length < group) {
      block = new float[BLOCK * headDim];
      sums = new float[group * headDim];
      scores = new float[group * BLOCK];
      max = new float[group];
      total = new float[group];
    }
    Arrays.fill(sums, 0, group * headDim, 0f);
    Arrays.fill(max, 0, group, Float.NEGATIVE_INFINITY);
    Arrays.fill(total, 0, group, 0f);
  }

  /** {@code to[p] = Σ q[d] * keys[d][p]} for all positions of the block, four vectors at a time. */
  private void score(float[] q, int qAt, int headDim, float[] to, int toAt) {
    for (int p = 0; p < BLOCK; p += 4 * FLOATS) {
      FloatVector sum0 = FloatVector.zero(F);
      FloatVector sum1 = FloatVector.zero(F);
      FloatVector sum2 = FloatVector.zero(F);
      FloatVector sum3 = FloatVector.zero(F);
      for (int d = 0; d < headDim; d++) {
        FloatVector qd = FloatVector.broadcast(F, q[qAt + d]);
        int from = d * BLOCK + p;
        sum0 = qd.fma(FloatVector.fromArray(F, block, from), sum0);
        sum1 = qd.fma(FloatVector.fromArray(F, block, from + FLOATS), sum1);
        sum2 = qd.fma(FloatVector.fromArray(F, block, from + 2 * FLOATS), sum2);
        sum3 = qd.fma(FloatVector.fromArray(F, block, from + 3 * FLOATS), sum3);
      }
      sum0.intoArray(to, toAt + p);
      sum1.intoArray(to, toAt + p + FLOATS);
      sum2.intoArray(to, toAt + p + 2 * FLOATS);
      sum3.intoArray(to, toAt + p + 3 * FLOATS);
    }
  }

  /** Turns a head's scores into weights, and scales what it has summed to the new maximum. */
  private void updateSoftmax(int head, int count, int headDim, float scale) {
    int at = head * BLOCK;
    float newMax = max[head];
    for (int p = 0; p < count; p++) {
      newMax = Math.max(newMax, scores[at + p]);
    }
    if (newMax > max[head]) {
      float factor = (float) Math.exp(scale * (max[head] - newMax));
      total[head] *= factor;
      for (int i = head * headDim; i < (head + 1) * headDim; i++) {
        sums[i] *= factor;
      }
      max[head] = newMax;
    }
    VectorMath.exp(scores, at, scores, at, count, scale, newMax);
    float sum = 0;
    for (int p = 0; p < count; p++) {
      sum += scores[at + p];
    }
    total[head] += sum;
  }

  /** {@code sums[d] += Σ weight[p] * values[p][d]}. */
  private void accumulate(int head, int count, int headDim) {
    int weights = head * BLOCK;
    int to = head * headDim;
    int d = 0;
    for (; d + 4 * FLOATS <= headDim; d += 4 * FLOATS) {
      FloatVector sum0 = FloatVector.fromArray(F, sums, to + d);
      FloatVector sum1 = FloatVector.fromArray(F, sums, to + d + FLOATS);
      FloatVector sum2 = FloatVector.fromArray(F, sums, to + d + 2 * FLOATS);
      FloatVector sum3 = FloatVector.fromArray(F, sums, to + d + 3 * FLOATS);
      for (int p = 0; p < count; p++) {
        FloatVector weight = FloatVector.broadcast(F, scores[weights + p]);
        int from = p * headDim + d;
        sum0 = weight.fma(FloatVector.fromArray(F, block, from), sum0);
        sum1 = weight.fma(FloatVector.fromArray(F, block, from + FLOATS), sum1);
        sum2 = weight.fma(FloatVector.fromArray(F, block, from + 2 * FLOATS), sum2);
        sum3 = weight.fma(FloatVector.fromArray(F, block, from + 3 * FLOATS), sum3);
      }
      sum0.intoArray(sums, to + d);
      sum1.intoArray(sums, to + d + FLOATS);
      sum2.intoArray(sums, to + d + 2 * FLOATS);
      sum3.intoArray(sums, to + d + 3 * FLOATS);
    }
    for (; d + FLOATS <= headDim; d += FLOATS) {
      FloatVector sum = FloatVector.fromArray(F, sums, to + d);
      for (int p = 0; p < count; p++) {
        sum =
            FloatVector.broadcast(F, scores[weights + p])
                .fma(FloatVector.fromArray(F, block, p * headDim + d), sum);
      }
      sum.intoArray(sums, to + d);
    }
    for (; d < headDim; d++) {
      for (int p = 0; p < count; p++) {
        sums[to + d] += scores[weights + p] * block[p * headDim + d];
      }
    }
  }
}
