package dev.chaski.kernels.vector;

import static dev.chaski.kernels.vector.Lanes.F;
import static dev.chaski.kernels.vector.Lanes.FLOATS;

import dev.chaski.kernels.cpu.CpuKvSlab;
import dev.chaski.kernels.quant.LittleEndian;
import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;

/**
 * The products of attention: four query heads times a block of keys, and four heads' weights times
 * a block of values. Both are (4, depth) times (depth, columns), and a strip of columns stays in
 * registers while the depth is walked. Meanwhile what is needed next is touched, so that memory
 * works while this computes.
 */
final class AttentionTiles {
  /** Heads of a tile. */
  static final int HEADS = 4;

  /** The greatest depth, and factors from one head to the next. */
  static final int DEPTH = CpuKvSlab.BLOCK;

  /** Columns of a strip: with four heads, 16 of the 32 registers of AVX-512, or 8 of 16. */
  private static final int STRIP = (FLOATS == 16 ? 4 : 2) * FLOATS;

  /** Bytes of a step below which nothing is touched: two longs. */
  private static final int MIN_STEP = 2 * Long.BYTES;

  private float[] block = new float[0];
  private int rows;
  private int columns;
  private MemorySegment next = MemorySegment.NULL;

  /** What was touched: kept, or else the compiler would leave it out. */
  long touched;

  /**
   * Chooses what is multiplied.
   *
   * @param block (rows, columns)
   * @param next what is touched while all rows are walked
   */
  void setBlock(float[] block, int rows, int columns, MemorySegment next) {
    this.block = block;
    this.rows = rows;
    this.columns = columns;
    this.next = next;
  }

  /**
   * {@code sums[h][c] += Σ factors[h][k] * block[row + k][c]}, k below depth, each product rounded
   * once.
   *
   * @param sums ({@link #HEADS}, columns) at {@code at}
   * @param factors (HEADS, {@link #DEPTH}) at {@code from}, of which the first {@code depth} count
   */
  void multiply(float[] sums, int at, float[] factors, int from, int row, int depth) {
    long touch = next.byteSize() * row / rows;
    long share = columns < STRIP ? 0 : next.byteSize() * depth / rows / (columns / STRIP);
    long step = share / depth < MIN_STEP ? 0 : share / depth;
    int c = 0;
    for (; c + STRIP <= columns; c += STRIP) {
      if (STRIP == 4 * FLOATS) {
        times4(sums, at + c, factors, from, row * columns + c, depth, touch, step);
      } else {
        times2(sums, at + c, factors, from, row * columns + c, depth, touch, step);
      }
      touch += share;
    }
    for (; c + FLOATS <= columns; c += FLOATS) {
      times1(sums, at + c, factors, from, row * columns + c, depth);
    }
    for (; c < columns; c++) {
      for (int h = 0; h < HEADS; h++) {
        float sum = sums[at + h * columns + c];
        for (int k = 0; k < depth; k++) {
          sum = Math.fma(factors[from + h * DEPTH + k], block[(row + k) * columns + c], sum);
        }
        sums[at + h * columns + c] = sum;
      }
    }
  }

  /** A strip of 4 registers. */
  private void times4(
      float[] sums,
      int at,
      float[] factors,
      int from,
      int start,
      int depth,
      long touch,
      long step) {
    MemorySegment next = this.next;
    long t = touch;
    long half = step / 2;
    long touched = 0;
    float[] block = this.block;
    int columns = this.columns;
    int at1 = at + columns;
    int at2 = at + 2 * columns;
    int at3 = at + 3 * columns;
    FloatVector sum0a = FloatVector.fromArray(F, sums, at);
    FloatVector sum0b = FloatVector.fromArray(F, sums, at + FLOATS);
    FloatVector sum0c = FloatVector.fromArray(F, sums, at + 2 * FLOATS);
    FloatVector sum0d = FloatVector.fromArray(F, sums, at + 3 * FLOATS);
    FloatVector sum1a = FloatVector.fromArray(F, sums, at1);
    FloatVector sum1b = FloatVector.fromArray(F, sums, at1 + FLOATS);
    FloatVector sum1c = FloatVector.fromArray(F, sums, at1 + 2 * FLOATS);
    FloatVector sum1d = FloatVector.fromArray(F, sums, at1 + 3 * FLOATS);
    FloatVector sum2a = FloatVector.fromArray(F, sums, at2);
    FloatVector sum2b = FloatVector.fromArray(F, sums, at2 + FLOATS);
    FloatVector sum2c = FloatVector.fromArray(F, sums, at2 + 2 * FLOATS);
    FloatVector sum2d = FloatVector.fromArray(F, sums, at2 + 3 * FLOATS);
    FloatVector sum3a = FloatVector.fromArray(F, sums, at3);
    FloatVector sum3b = FloatVector.fromArray(F, sums, at3 + FLOATS);
    FloatVector sum3c = FloatVector.fromArray(F, sums, at3 + 2 * FLOATS);
    FloatVector sum3d = FloatVector.fromArray(F, sums, at3 + 3 * FLOATS);
    int row = start;
    for (int k = from; k < from + depth; k++) {
      touched += next.get(LittleEndian.LONG, t);
      touched += next.get(LittleEndian.LONG, t + half);
      t += step;
      FloatVector ba = FloatVector.fromArray(F, block, row);
      FloatVector bb = FloatVector.fromArray(F, block, row + FLOATS);
      FloatVector bc = FloatVector.fromArray(F, block, row + 2 * FLOATS);
      FloatVector bd = FloatVector.fromArray(F, block, row + 3 * FLOATS);
      FloatVector f0 = FloatVector.broadcast(F, factors[k]);
      sum0a = f0.fma(ba, sum0a);
      sum0b = f0.fma(bb, sum0b);
      sum0c = f0.fma(bc, sum0c);
      sum0d = f0.fma(bd, sum0d);
      FloatVector f1 = FloatVector.broadcast(F, factors[k + DEPTH]);
      sum1a = f1.fma(ba, sum1a);
      sum1b = f1.fma(bb, sum1b);
      sum1c = f1.fma(bc, sum1c);
      sum1d = f1.fma(bd, sum1d);
      FloatVector f2 = FloatVector.broadcast(F, factors[k + 2 * DEPTH]);
      sum2a = f2.fma(ba, sum2a);
      sum2b = f2.fma(bb, sum2b);
      sum2c = f2.fma(bc, sum2c);
      sum2d = f2.fma(bd, sum2d);
      FloatVector f3 = FloatVector.broadcast(F, factors[k + 3 * DEPTH]);
      sum3a = f3.fma(ba, sum3a);
      sum3b = f3.fma(bb, sum3b);
      sum3c = f3.fma(bc, sum3c);
      sum3d = f3.fma(bd, sum3d);
      row += columns;
    }
    sum0a.intoArray(sums, at);
    sum0b.intoArray(sums, at + FLOATS);
    sum0c.intoArray(sums, at + 2 * FLOATS);
    sum0d.intoArray(sums, at + 3 * FLOATS);
    sum1a.intoArray(sums, at1);
    sum1b.intoArray(sums, at1 + FLOATS);
    sum1c.intoArray(sums, at1 + 2 * FLOATS);
    sum1d.intoArray(sums, at1 + 3 * FLOATS);
    sum2a.intoArray(sums, at2);
    sum2b.intoArray(sums, at2 + FLOATS);
    sum2c.intoArray(sums, at2 + 2 * FLOATS);
    sum2d.intoArray(sums, at2 + 3 * FLOATS);
    sum3a.intoArray(sums, at3);
    sum3b.intoArray(sums, at3 + FLOATS);
    sum3c.intoArray(sums, at3 + 2 * FLOATS);
    sum3d.intoArray(sums, at3 + 3 * FLOATS);
    this.touched += touched;
  }

  /** A strip of 2 registers. */
  private void times2(
      float[] sums,
      int at,
      float[] factors,
      int from,
      int start,
      int depth,
      long touch,
      long step) {
    MemorySegment next = this.next;
    long t = touch;
    long half = step / 2;
    long touched = 0;
    float[] block = this.block;
    int columns = this.columns;
    int at1 = at + columns;
    int at2 = at + 2 * columns;
    int at3 = at + 3 * columns;
    FloatVector sum0a = FloatVector.fromArray(F, sums, at);
    FloatVector sum0b = FloatVector.fromArray(F, sums, at + FLOATS);
    FloatVector sum1a = FloatVector.fromArray(F, sums, at1);
    FloatVector sum1b = FloatVector.fromArray(F, sums, at1 + FLOATS);
    FloatVector sum2a = FloatVector.fromArray(F, sums, at2);
    FloatVector sum2b = FloatVector.fromArray(F, sums, at2 + FLOATS);
    FloatVector sum3a = FloatVector.fromArray(F, sums, at3);
    FloatVector sum3b = FloatVector.fromArray(F, sums, at3 + FLOATS);
    int row = start;
    for (int k = from; k < from + depth; k++) {
      touched += next.get(LittleEndian.LONG, t);
      touched += next.get(LittleEndian.LONG, t + half);
      t += step;
      FloatVector ba = FloatVector.fromArray(F, block, row);
      FloatVector bb = FloatVector.fromArray(F, block, row + FLOATS);
      FloatVector f0 = FloatVector.broadcast(F, factors[k]);
      sum0a = f0.fma(ba, sum0a);
      sum0b = f0.fma(bb, sum0b);
      FloatVector f1 = FloatVector.broadcast(F, factors[k + DEPTH]);
      sum1a = f1.fma(ba, sum1a);
      sum1b = f1.fma(bb, sum1b);
      FloatVector f2 = FloatVector.broadcast(F, factors[k + 2 * DEPTH]);
      sum2a = f2.fma(ba, sum2a);
      sum2b = f2.fma(bb, sum2b);
      FloatVector f3 = FloatVector.broadcast(F, factors[k + 3 * DEPTH]);
      sum3a = f3.fma(ba, sum3a);
      sum3b = f3.fma(bb, sum3b);
      row += columns;
    }
    sum0a.intoArray(sums, at);
    sum0b.intoArray(sums, at + FLOATS);
    sum1a.intoArray(sums, at1);
    sum1b.intoArray(sums, at1 + FLOATS);
    sum2a.intoArray(sums, at2);
    sum2b.intoArray(sums, at2 + FLOATS);
    sum3a.intoArray(sums, at3);
    sum3b.intoArray(sums, at3 + FLOATS);
    this.touched += touched;
  }

  /** A strip of 1 register. */
  private void times1(float[] sums, int at, float[] factors, int from, int start, int depth) {
    float[] block = this.block;
    int columns = this.columns;
    int at1 = at + columns;
    int at2 = at + 2 * columns;
    int at3 = at + 3 * columns;
    FloatVector sum0 = FloatVector.fromArray(F, sums, at);
    FloatVector sum1 = FloatVector.fromArray(F, sums, at1);
    FloatVector sum2 = FloatVector.fromArray(F, sums, at2);
    FloatVector sum3 = FloatVector.fromArray(F, sums, at3);
    int row = start;
    for (int k = from; k < from + depth; k++) {
      FloatVector b = FloatVector.fromArray(F, block, row);
      FloatVector f0 = FloatVector.broadcast(F, factors[k]);
      sum0 = f0.fma(b, sum0);
      FloatVector f1 = FloatVector.broadcast(F, factors[k + DEPTH]);
      sum1 = f1.fma(b, sum1);
      FloatVector f2 = FloatVector.broadcast(F, factors[k + 2 * DEPTH]);
      sum2 = f2.fma(b, sum2);
      FloatVector f3 = FloatVector.broadcast(F, factors[k + 3 * DEPTH]);
      sum3 = f3.fma(b, sum3);
      row += columns;
    }
    sum0.intoArray(sums, at);
    sum1.intoArray(sums, at1);
    sum2.intoArray(sums, at2);
    sum3.intoArray(sums, at3);
  }
}
