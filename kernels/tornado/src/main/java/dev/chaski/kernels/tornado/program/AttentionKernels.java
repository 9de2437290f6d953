package dev.chaski.kernels.tornado.program;

import dev.chaski.kernels.arithmetic.BitFloats;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.math.TornadoMath;
import uk.ac.manchester.tornado.api.types.arrays.ByteArray;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;
import uk.ac.manchester.tornado.api.types.arrays.ShortArray;

/**
 * The key/value cache and attention over it. Position {@code n} of a slab is its keys, then its
 * values, each (numKvHeads, headDim) in the type of the cache; a row finds its slab by the place of
 * the slab's first element.
 */
public final class AttentionKernels {
  // Parameters of both.
  public static final int POSITIONS = 0; // list: the position of each row
  public static final int PLACES = 1; // list: the first element of each row's slab
  public static final int HEAD_DIM = 2;
  public static final int KV_HEADS = 3;
  public static final int ROWS = 4;
  // Parameters of storing.
  public static final int KEYS = 5;
  public static final int VALUES = 6;
  // Parameters of attention.
  public static final int OUT = 5;
  public static final int QUERIES = 6;
  public static final int HEADS = 7;

  // What a cache is made of: a constant of the compiled kernel.
  public static final int F32 = 0;
  public static final int F16 = 1;
  public static final int Q8_0 = 2;

  /** Values of a quantised block, and its bytes. */
  public static final int BLOCK = 32;

  public static final int BLOCK_BYTES = 34;

  /** Work-items of a group, and positions of a step of attention. */
  public static final int LOCAL = 64;

  /** Values of a head that attention has registers for. */
  public static final int MAX_HEAD_DIM = 4 * LOCAL;

  private AttentionKernels() {}

  /** One item for each value of keys and values of each row. */
  static void storeValues(
      KernelContext context,
      IntArray p,
      IntArray lists,
      FloatArray values,
      FloatArray floats,
      ShortArray shorts,
      int type,
      int own) {
    int slot = lists.get(0) + own;
    int columns = p.get(slot + HEAD_DIM) * p.get(slot + KV_HEADS);
    int i = context.globalIdx;
    if (i < 2 * columns * p.get(slot + ROWS)) {
      int row = i / (2 * columns);
      int column = i % (2 * columns);
      int at =
          lists.get(p.get(slot + PLACES) + row)
              + lists.get(p.get(slot + POSITIONS) + row) * 2 * columns
              + column;
      int from = p.get(slot + KEYS) + row * columns + column;
      if (column >= columns) {
        from = p.get(slot + VALUES) + row * columns + column - columns;
      }
      float value = values.get(from);
      if (type == F16) {
        shorts.set(at, (short) BitFloats.halfBits(value));
      } else {
        floats.set(at, value);
      }
    }
  }

  /** One item for each block of 32 values of keys and values of each row. */
  static void storeBlocks(
      KernelContext context,
      IntArray p,
      IntArray lists,
      FloatArray values,
      ByteArray bytes,
      int own) {
    int slot = lists.get(0) + own;
    int columns = p.get(slot + HEAD_DIM) * p.get(slot + KV_HEADS);
    int blocks = columns / BLOCK;
    int i = context.globalIdx;
    if (i < 2 * blocks * p.get(slot + ROWS)) {
      int row = i / (2 * blocks);
      int block = i % (2 * blocks);
      int at =
          lists.get(p.get(slot + PLACES) + row)
              + (lists.get(p.get(slot + POSITIONS) + row) * 2 * blocks + block) * BLOCK_BYTES;
      int from = p.get(slot + KEYS) + row * columns + block * BLOCK;
      if (block >= blocks) {
        from = p.get(slot + VALUES) + row * columns + (block - blocks) * BLOCK;
      }
      float largest = 0;
      for (int k = 0; k < BLOCK; k++) {
        largest = TornadoMath.max(largest, TornadoMath.abs(values.get(from + k)));
      }
      float scale = largest / 127f;
      int bits = BitFloats.halfBits(scale);
      bytes.set(at, (byte) (bits & 255));
      bytes.set(at + 1, (byte) (bits >> 8));
      float inverse = 0;
      if (scale > 0) {
        inverse = 1f / scale;
      }
      for (int k = 0; k < BLOCK; k++) {
        int code = BitFloats.nearest(values.get(from + k) * inverse);
        code = code > 127 ? 127 : code;
        code = code < -127 ? -127 : code;
        bytes.set(at + 2 + k, (byte) code);
      }
    }
  }

  /**
   * One group for each head of each row, over 64 positions at a time: each item scores one of them,
   * then each item adds up one to four values of the output. The softmax is renewed whenever the
   * largest score moves (Milakov and Gimelshein 2018).
   */
  static void attendHeads(
      KernelContext context,
      IntArray p,
      IntArray lists,
      FloatArray values,
      FloatArray floats,
      ShortArray shorts,
      ByteArray bytes,
      int type,
      int own) {
    int slot = lists.get(0) + own;
    int item = context.localIdx;
    float[] query = context.allocateFloatLocalArray(MAX_HEAD_DIM);
    float[] weights = context.allocateFloatLocalArray(LOCAL);
    int heads = p.get(slot + HEADS);
    int headDim = p.get(slot + HEAD_DIM);
    int kvHeads = p.get(slot + KV_HEADS);
    int row = context.groupIdx / heads;
    int head = context.groupIdx % heads;
    int columns = kvHeads * headDim;
    int start = head / (heads / kvHeads) * headDim; // of the key head in a position
    int length = lists.get(p.get(slot + POSITIONS) + row) + 1;
    int place = lists.get(p.get(slot + PLACES) + row);
    int queryAt = p.get(slot + QUERIES) + (row * heads + head) * headDim;
    float norm = 1f / TornadoMath.sqrt((float) headDim);
    for (int i = item; i < headDim; i += LOCAL) {
      query[i] = values.get(queryAt + i) * norm;
    }
    context.localBarrier();
    float largest = -3.0e38f;
    float total = 0;
    float s0 = 0;
    float s1 = 0;
    float s2 = 0;
    float s3 = 0;
    for (int first = 0; first < length; first += LOCAL) {
      int left = length - first;
      int count = left < LOCAL ? left : LOCAL;
      float score = 0;
      if (item < count) {
        int key = place;
        if (type == Q8_0) {
          int blocks = columns / BLOCK;
          key += ((first + item) * 2 * blocks + start / BLOCK) * BLOCK_BYTES;
          for (int b = 0; b < headDim / BLOCK; b++) {
            float sum = 0;
            for (int i = 0; i < BLOCK; i++) {
              sum += bytes.get(key + b * BLOCK_BYTES + 2 + i) * query[b * BLOCK + i];
            }
            score += Chunks.halfAt(bytes, key + b * BLOCK_BYTES) * sum;
          }
        } else {
          key += (first + item) * 2 * columns + start;
          for (int i = 0; i < headDim; i++) {
            float value = 0;
            if (type == F16) {
              value = BitFloats.half(shorts.get(key + i));
            } else {
              value = floats.get(key + i);
            }
            score += value * query[i];
          }
        }
      }
      weights[item] = score;
      context.localBarrier();
      float stepLargest = largest;
      for (int i = 0; i < count; i++) {
        stepLargest = TornadoMath.max(stepLargest, weights[i]);
      }
      context.localBarrier(); // everybody has read the scores
      weights[item] = TornadoMath.exp(score - stepLargest);
      context.localBarrier();
      float shrink = TornadoMath.exp(largest - stepLargest);
      largest = stepLargest;
      total *= shrink;
      s0 *= shrink;
      s1 *= shrink;
      s2 *= shrink;
      s3 *= shrink;
      for (int i = 0; i < count; i++) {
        float weight = weights[i];
        total += weight;
        int at = place;
        if (type == Q8_0) {
          int blocks = columns / BLOCK;
          at += ((first + i) * 2 * blocks + blocks + start / BLOCK) * BLOCK_BYTES;
        } else {
          at += (first + i) * 2 * columns + columns + start;
        }
        if (item < headDim) {
          s0 += weight * cached(floats, shorts, bytes, type, at, item);
        }
        if (item + LOCAL < headDim) {
          s1 += weight * cached(floats, shorts, bytes, type, at, item + LOCAL);
        }
        if (item + 2 * LOCAL < headDim) {
          s2 += weight * cached(floats, shorts, bytes, type, at, item + 2 * LOCAL);
        }
        if (item + 3 * LOCAL < headDim) {
          s3 += weight * cached(floats, shorts, bytes, type, at, item + 3 * LOCAL);
        }
      }
      context.localBarrier(); // the scores are written again
    }
    int out = p.get(slot + OUT) + (row * heads + head) * headDim;
    if (item < headDim) {
      values.set(out + item, s0 / total);
    }
    if (item + LOCAL < headDim) {
      values.set(out + item + LOCAL, s1 / total);
    }
    if (item + 2 * LOCAL < headDim) {
      values.set(out + item + 2 * LOCAL, s2 / total);
    }
    if (item + 3 * LOCAL < headDim) {
      values.set(out + item + 3 * LOCAL, s3 / total);
    }
  }

  private static float cached(
      FloatArray floats, ShortArray shorts, ByteArray bytes, int type, int at, int i) {
    if (type == F16) {
      return BitFloats.half(shorts.get(at + i));
    }
    if (type == Q8_0) {
      int block = at + i / BLOCK * BLOCK_BYTES;
      return Chunks.halfAt(bytes, block) * bytes.get(block + 2 + i % BLOCK);
    }
    return floats.get(at + i);
  }
}
