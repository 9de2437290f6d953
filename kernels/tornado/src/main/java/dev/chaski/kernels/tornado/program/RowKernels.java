package dev.chaski.kernels.tornado.program;

import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.math.TornadoMath;
import uk.ac.manchester.tornado.api.types.arrays.ByteArray;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;
import uk.ac.manchester.tornado.api.types.arrays.ShortArray;

/** What is done to rows of activations, and copies. All tensors lie in one array of values. */
public final class RowKernels {
  // Parameters of copies.
  public static final int TO = 0;
  public static final int FROM = 1;
  public static final int LENGTH = 2;

  // Parameters of operations on rows.
  public static final int OUT = 0;
  public static final int X = 1;
  public static final int Y = 2;
  public static final int COLUMNS = 3;
  public static final int LIST = 4;
  public static final int ROWS = 5;
  public static final int STEP = 6;
  public static final int STRIDE = 7;
  public static final int HEAD_DIM = 8;

  /** Work-items of a group that adds up a row, and of one that does not. */
  public static final int LOCAL = 64;

  private RowKernels() {}

  /** Sets values to zero. */
  static void clearValues(
      KernelContext context, IntArray p, IntArray lists, FloatArray values, int own) {
    int slot = lists.get(0) + own;
    int i = context.globalIdx;
    if (i < p.get(slot + LENGTH)) {
      values.set(p.get(slot + TO) + i, 0f);
    }
  }

  /** Copies floats from one array to another. */
  static void copyFloats(
      KernelContext context, IntArray p, IntArray lists, FloatArray from, FloatArray to, int own) {
    int slot = lists.get(0) + own;
    int i = context.globalIdx;
    if (i < p.get(slot + LENGTH)) {
      to.set(p.get(slot + TO) + i, from.get(p.get(slot + FROM) + i));
    }
  }

  /** Copies integers from one array to another. */
  static void copyInts(
      KernelContext context, IntArray p, IntArray lists, IntArray from, IntArray to, int own) {
    int slot = lists.get(0) + own;
    int i = context.globalIdx;
    if (i < p.get(slot + LENGTH)) {
      to.set(p.get(slot + TO) + i, from.get(p.get(slot + FROM) + i));
    }
  }

  /** Copies shorts from one array to another. */
  static void copyShorts(
      KernelContext context, IntArray p, IntArray lists, ShortArray from, ShortArray to, int own) {
    int slot = lists.get(0) + own;
    int i = context.globalIdx;
    if (i < p.get(slot + LENGTH)) {
      to.set(p.get(slot + TO) + i, from.get(p.get(slot + FROM) + i));
    }
  }

  /** Copies bytes from one array to another. */
  static void copyBytes(
      KernelContext context, IntArray p, IntArray lists, ByteArray from, ByteArray to, int own) {
    int slot = lists.get(0) + own;
    int i = context.globalIdx;
    if (i < p.get(slot + LENGTH)) {
      to.set(p.get(slot + TO) + i, from.get(p.get(slot + FROM) + i));
    }
  }

  /** {@code out[i] = } the row that begins at {@code list[i]}. */
  static void gatherRows(
      KernelContext context, IntArray p, IntArray lists, FloatArray values, int own) {
    int slot = lists.get(0) + own;
    int columns = p.get(slot + COLUMNS);
    int i = context.globalIdx;
    if (i < columns * p.get(slot + ROWS)) {
      int row = lists.get(p.get(slot + LIST) + i / columns);
      values.set(p.get(slot + OUT) + i, values.get(row + i % columns));
    }
  }

  /** One group for each row; {@code eps} is a constant of the kernel. */
  static void normalizeRows(
      KernelContext context, IntArray p, IntArray lists, FloatArray values, float eps, int own) {
    int slot = lists.get(0) + own;
    int item = context.localIdx;
    int columns = p.get(slot + COLUMNS);
    int x = p.get(slot + X) + context.groupIdx * columns;
    int out = p.get(slot + OUT) + context.groupIdx * columns;
    int gain = p.get(slot + Y);
    float[] partial = context.allocateFloatLocalArray(LOCAL);
    float squares = 0;
    for (int i = item; i < columns; i += LOCAL) {
      float value = values.get(x + i);
      squares += value * value;
    }
    partial[item] = squares;
    context.localBarrier();
    for (int stride = LOCAL / 2; stride > 0; stride >>= 1) {
      if (item < stride) {
        partial[item] += partial[item + stride];
      }
      context.localBarrier();
    }
    // Nobody writes to partial any more.
    float scale = 1f / TornadoMath.sqrt(partial[0] / columns + eps);
    for (int i = item; i < columns; i += LOCAL) {
      values.set(out + i, values.get(x + i) * scale * values.get(gain + i));
    }
  }

  /** {@code gate = silu(gate) * up}. */
  static void gateValues(
      KernelContext context, IntArray p, IntArray lists, FloatArray values, int own) {
    int slot = lists.get(0) + own;
    int i = context.globalIdx;
    if (i < p.get(slot + COLUMNS)) {
      float gate = values.get(p.get(slot + X) + i);
      float up = values.get(p.get(slot + Y) + i);
      values.set(p.get(slot + X) + i, gate / (1f + TornadoMath.exp(-gate)) * up);
    }
  }

  /** One item for each pair of each head of each row. */
  static void rotatePairs(
      KernelContext context, IntArray p, IntArray lists, FloatArray values, int own) {
    int slot = lists.get(0) + own;
    int columns = p.get(slot + COLUMNS);
    int headDim = p.get(slot + HEAD_DIM);
    int pairs = columns / 2;
    int i = context.globalIdx;
    if (i < pairs * p.get(slot + ROWS)) {
      int row = i / pairs;
      int head = i % pairs / (headDim / 2);
      int pair = i % (headDim / 2);
      int angle = p.get(slot + Y) + row * headDim + 2 * pair;
      float cos = values.get(angle);
      float sin = values.get(angle + 1);
      int first = p.get(slot + X) + row * columns + head * headDim + pair * p.get(slot + STEP);
      int second = first + p.get(slot + STRIDE);
      float a = values.get(first);
      float b = values.get(second);
      values.set(first, a * cos - b * sin);
      values.set(second, a * sin + b * cos);
    }
  }

  /** One group: the lowest index of the largest value, to {@code found[0]}. */
  static void largestValue(
      KernelContext context,
      IntArray p,
      IntArray lists,
      FloatArray values,
      IntArray found,
      int own) {
    int slot = lists.get(0) + own;
    int item = context.localIdx;
    float[] largest = context.allocateFloatLocalArray(LOCAL);
    int[] index = context.allocateIntLocalArray(LOCAL);
    int columns = p.get(slot + COLUMNS);
    int x = p.get(slot + X);
    int best = item < columns ? item : 0;
    float bestValue = values.get(x + best);
    for (int i = item + LOCAL; i < columns; i += LOCAL) {
      float value = values.get(x + i);
      if (value > bestValue) {
        bestValue = value;
        best = i;
      }
    }
    largest[item] = bestValue;
    index[item] = best;
    context.localBarrier();
    for (int stride = LOCAL / 2; stride > 0; stride >>= 1) {
      if (item < stride) {
        float other = largest[item + stride];
        int otherIndex = index[item + stride];
        if (other > largest[item]) {
          largest[item] = other;
          index[item] = otherIndex;
        } else if (other == largest[item] && otherIndex < index[item]) {
          index[item] = otherIndex;
        }
      }
      context.localBarrier();
    }
    if (item == 0) {
      found.set(0, index[0]);
    }
  }
}
