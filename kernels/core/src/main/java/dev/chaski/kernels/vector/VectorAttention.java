package dev.chaski.kernels.vector;

import static dev.chaski.kernels.vector.Lanes.B;
import static dev.chaski.kernels.vector.Lanes.BYTES;
import static dev.chaski.kernels.vector.Lanes.BYTE_PARTS;
import static dev.chaski.kernels.vector.Lanes.F;
import static dev.chaski.kernels.vector.Lanes.FLOATS;
import static java.nio.ByteOrder.LITTLE_ENDIAN;

import dev.chaski.kernels.TensorType;
import dev.chaski.kernels.cpu.AttentionRows;
import dev.chaski.kernels.cpu.CpuKvSlab;
import dev.chaski.kernels.cpu.QuantizedKeys;
import dev.chaski.kernels.quant.LittleEndian;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/**
 * Attention of rows for the query heads that share a key/value head, in one walk over the cache:
 * each block of keys and values is decoded once for all of them, and the softmax is kept up to date
 * as blocks come (Milakov and Gimelshein 2018). Heads of a row are rounded up to whole tiles.
 * Scratch of one thread.
 */
final class VectorAttention {
  private static final int BLOCK = CpuKvSlab.BLOCK;
  private static final int HEADS = AttentionTiles.HEADS;
  private static final int DEPTH = AttentionTiles.DEPTH;

  private final float[] scales = new float[BLOCK]; // of a group of quantised keys
  private final AttentionTiles tiles = new AttentionTiles();
  private short[] halves = new short[0]; // a block of keys or of values as it is stored
  private float[] block = new float[0]; // the same, decoded
  private float[] queries = new float[0]; // of all rows, see packQueries
  private float[] scores = new float[0]; // (heads, BLOCK)
  private float[] sums = new float[0]; // (heads, headDim): Σ weight * value
  private float[] totals = new float[0]; // (heads, FLOATS): Σ weight, each lane for itself
  private float[] max = new float[0]; // heads: the largest score so far

  /** As {@link dev.chaski.kernels.cpu.CpuKernels}{@code .attend}. */
  void attend(VectorFormat format, float[] out, float[] q, AttentionRows rows, int kvHead) {
    CpuKvSlab kv = rows.kv();
    int headDim = rows.headDim();
    int group = rows.group();
    int heads = Math.ceilDiv(group, HEADS) * HEADS; // of a row
    prepare(rows.count() * heads, headDim);
    for (int row = 0; row < rows.count(); row++) {
      packQueries(q, rows.start(row, kvHead), group, headDim, row * heads);
    }
    int longest = rows.longest();
    for (int start = 0; start < longest; start += BLOCK) {
      int index = start / BLOCK;
      MemorySegment values = kv.values(index, kvHead);
      decodeKeys(format, kv, kv.keys(index, kvHead), headDim);
      tiles.setBlock(block, headDim, BLOCK, values);
      for (int row = 0; row < rows.count(); row++) {
        int count = Math.min(BLOCK, rows.length(row) - start);
        if (count > 0) {
          score(row * heads, heads, headDim, count);
        }
      }
      decode(format, kv, values, Math.min(BLOCK, longest - start) * headDim);
      MemorySegment next = start + BLOCK < longest ? kv.keys(index + 1, kvHead) : values;
      for (int row = 0; row < rows.count(); row++) {
        int count = Math.min(BLOCK, rows.length(row) - start);
        if (count > 0) {
          tiles.setBlock(block, count, headDim, next);
          for (int head = row * heads; head < (row + 1) * heads; head += HEADS) {
            tiles.multiply(sums, head * headDim, scores, head * BLOCK, 0, count);
          }
        }
      }
    }
    for (int row = 0; row < rows.count(); row++) {
      store(out, rows.start(row, kvHead), group, headDim, row * heads);
    }
  }

  /** Stores the means of the values: what a row's heads have summed, by their weights. */
  private void store(float[] out, int to, int group, int headDim, int first) {
    for (int head = 0; head < group; head++) {
      int from = (first + head) * headDim;
      float total = Lanes.sum(totals, (first + head) * FLOATS);
      for (int i = 0; i < headDim; i++) {
        out[to + head * headDim + i] = sums[from + i] / total;
      }
    }
  }

  /** Copies the queries of a row to (heads / HEADS, headDim / DEPTH, HEADS, DEPTH). */
  private void packQueries(float[] q, int from, int group, int headDim, int first) {
    int parts = Math.ceilDiv(headDim, DEPTH);
    for (int head = 0; head < group; head++) {
      int tile = (first + head) / HEADS;
      for (int d = 0; d < headDim; d += DEPTH) {
        int to = ((tile * parts + d / DEPTH) * HEADS + head % HEADS) * DEPTH;
        System.arraycopy(q, from + head * headDim + d, queries, to, Math.min(DEPTH, headDim - d));
      }
    }
  }

  /** Decodes the keys of a block. */
  private void decodeKeys(VectorFormat format, CpuKvSlab kv, MemorySegment keys, int headDim) {
    if (kv.hasQuantizedKeys()) {
      decodeQuantizedKeys(keys, headDim);
    } else {
      decode(format, kv, keys, BLOCK * headDim);
    }
  }

  private void decode(VectorFormat format, CpuKvSlab kv, MemorySegment stored, int count) {
    if (kv.shape().type() == TensorType.F16) {
      MemorySegment.copy(stored, LittleEndian.SHORT, 0, halves, 0, count);
      Lanes.toFloats(halves, count, block);
    } else {
      format.decode(stored, 0, block, 0, count);
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

  private void prepare(int heads, int headDim) {
    if (block.length < BLOCK * headDim || sums.length < heads * headDim || max.length < heads) {
      halves = new short[BLOCK * headDim];
      block = new float[BLOCK * headDim];
      queries = new float[heads * Math.ceilDiv(headDim, DEPTH) * DEPTH];
      scores = new float[heads * BLOCK];
      sums = new float[heads * headDim];
      totals = new float[heads * FLOATS];
      max = new float[heads];
    }
    Arrays.fill(sums, 0, heads * headDim, 0f);
    Arrays.fill(totals, 0, heads * FLOATS, 0f);
    Arrays.fill(max, 0, heads, Float.NEGATIVE_INFINITY);
  }

  /** Scores the positions of the block for the heads of a row and turns scores into weights. */
  private void score(int first, int heads, int headDim, int count) {
    Arrays.fill(scores, first * BLOCK, (first + heads) * BLOCK, 0f);
    float scale = (float) (1 / Math.sqrt(headDim));
    int parts = Math.ceilDiv(headDim, DEPTH);
    for (int head = first; head < first + heads; head += HEADS) {
      for (int d = 0; d < headDim; d += DEPTH) {
        int at = (head / HEADS * parts + d / DEPTH) * HEADS * DEPTH;
        int depth = Math.min(DEPTH, headDim - d);
        tiles.multiply(scores, head * BLOCK, queries, at, d, depth);
      }
      updateSoftmax(head, count, headDim, scale);
    }
  }

  /** Turns the scores of a tile into weights, and scales what its heads have summed. */
  private void updateSoftmax(int first, int count, int headDim, float scale) {
    for (int head = first; head < first + HEADS; head++) {
      int at = head * BLOCK;
      if (count < BLOCK) {
        Arrays.fill(scores, at + count, at + BLOCK, Float.NEGATIVE_INFINITY);
      }
      FloatVector largest = FloatVector.broadcast(F, max[head]);
      for (int p = 0; p < BLOCK; p += FLOATS) {
        FloatVector x = FloatVector.fromArray(F, scores, at + p);
        largest = largest.blend(x, x.compare(VectorOperators.GT, largest)); // never NaN
      }
      if (largest.compare(VectorOperators.GT, max[head]).anyTrue()) {
        raiseMax(head, largest.reduceLanes(VectorOperators.MAX), headDim, scale);
      }
      for (int p = 0; p < BLOCK; p += FLOATS) {
        FloatVector.fromArray(F, scores, at + p).sub(max[head]).intoArray(scores, at + p);
      }
    }
    int start = first * BLOCK;
    VectorMath.exp(scores, start, scores, start, HEADS * BLOCK, scale, 0);
    for (int head = first; head < first + HEADS; head++) {
      int at = head * BLOCK;
      if (count < BLOCK) {
        Arrays.fill(scores, at + count, at + BLOCK, 0f);
      }
      FloatVector total = FloatVector.fromArray(F, totals, head * FLOATS);
      for (int p = 0; p < BLOCK; p += FLOATS) {
        total = total.add(FloatVector.fromArray(F, scores, at + p));
      }
      total.intoArray(totals, head * FLOATS);
    }
  }

  /** Sets a greater maximum of a head, and scales what was summed to it. */
  private void raiseMax(int head, float newMax, int headDim, float scale) {
    float factor = (float) Math.exp(scale * (max[head] - newMax));
    scale(totals, head * FLOATS, FLOATS, factor);
    scale(sums, head * headDim, headDim, factor);
    max[head] = newMax;
  }

  private static void scale(float[] x, int at, int count, float factor) {
    for (int i = at; i < at + count; i++) {
      x[i] *= factor;
    }
  }
}
