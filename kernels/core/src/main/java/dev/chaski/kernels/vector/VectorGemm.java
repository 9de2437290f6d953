package dev.chaski.kernels.vector;

import static dev.chaski.kernels.vector.Lanes.F;
import static dev.chaski.kernels.vector.Lanes.FLOATS;

import jdk.incubator.vector.FloatVector;

/**
 * Matrix times matrix on floats. Tokens lie in the lanes: they are packed once, and each decoded
 * weight is then spread over a register and multiplied with as many tokens as there are lanes, so
 * that nothing is ever added up across lanes. A tile of results, {@link #ROWS} rows times up to
 * {@link #TOKENS} tokens, stays in registers while {@link #DEPTH} columns are walked: at 512 bits
 * 24 of the 32 registers, which hides the latency of the multiply-adds and needs 14 loads for 24 of
 * them.
 *
 * <p>Two rows share an index in the loops: twelve of them do not fit into registers, and with one
 * for all the compiler loads all twelve values first, which do not fit either.
 */
final class VectorGemm {
  /** Weight rows of a tile. */
  static final int ROWS = 12;

  /** Tokens of a tile. */
  static final int TOKENS = (FLOATS == 16 ? 2 : 1) * FLOATS;

  /** Columns that are walked at a time: the packed tokens of a tile then stay near. */
  static final int DEPTH = 256;

  /** Columns packed at a time: what is written stays in the first-level cache. */
  private static final int PACKED_AT_ONCE = 16;

  private VectorGemm() {}

  /** Tokens of a tile that starts at token {@code first}: whole registers, 1 or 2 of them. */
  static int width(int first, int tokens) {
    return tokens - first <= FLOATS ? FLOATS : TOKENS;
  }

  /** Floats that {@code tokens} tokens of {@code columns} take when packed. */
  static int packedSize(int tokens, int columns) {
    int start = (tokens - 1) / TOKENS * TOKENS;
    return Math.multiplyExact(start + width(start, tokens), columns);
  }

  /**
   * Packs the tokens of one tile, from {@code first} on, to {@code to[first * columns ..]} as
   * (columns, width). Lanes without a token are 0.
   *
   * @param x (tokens, columns)
   */
  static void pack(float[] x, int first, int tokens, int columns, float[] to) {
    int width = width(first, tokens);
    int count = Math.min(width, tokens - first);
    int base = first * columns;
    for (int start = 0; start < columns; start += PACKED_AT_ONCE) {
      int end = Math.min(columns, start + PACKED_AT_ONCE);
      for (int t = 0; t < count; t++) {
        int from = (first + t) * columns;
        for (int k = start; k < end; k++) {
          to[base + k * width + t] = x[from + k];
        }
      }
      for (int t = count; t < width; t++) {
        for (int k = start; k < end; k++) {
          to[base + k * width + t] = 0;
        }
      }
    }
  }

  /**
   * Adds {@code Σ panel[r][k] * x[k][t]} to a tile.
   *
   * @param panel where {@link #ROWS} rows of the panel start, {@link #DEPTH} apart
   * @param depth columns, from the first of these rows on
   * @param x packed tokens, from column {@code k} on at {@code xAt}
   * @param width see {@link #width}
   * @param tiles the tile, (ROWS, width), at {@code at}
   */
  static void multiply(
      float[] panel, int from, int depth, float[] x, int xAt, int width, float[] tiles, int at) {
    if (width == FLOATS) {
      times1(panel, from, depth, x, xAt, tiles, at);
    } else {
      times2(panel, from, depth, x, xAt, tiles, at);
    }
  }

  /** 12 rows times 1 register of tokens. */
  private static void times1(
      float[] panel, int from, int depth, float[] x, int xAt, float[] tiles, int at) {
    int row2 = from + 2 * DEPTH;
    int row4 = from + 4 * DEPTH;
    int row6 = from + 6 * DEPTH;
    int row8 = from + 8 * DEPTH;
    int row10 = from + 10 * DEPTH;
    FloatVector sum0 = FloatVector.fromArray(F, tiles, at);
    FloatVector sum1 = FloatVector.fromArray(F, tiles, at + FLOATS);
    FloatVector sum2 = FloatVector.fromArray(F, tiles, at + 2 * FLOATS);
    FloatVector sum3 = FloatVector.fromArray(F, tiles, at + 3 * FLOATS);
    FloatVector sum4 = FloatVector.fromArray(F, tiles, at + 4 * FLOATS);
    FloatVector sum5 = FloatVector.fromArray(F, tiles, at + 5 * FLOATS);
    FloatVector sum6 = FloatVector.fromArray(F, tiles, at + 6 * FLOATS);
    FloatVector sum7 = FloatVector.fromArray(F, tiles, at + 7 * FLOATS);
    FloatVector sum8 = FloatVector.fromArray(F, tiles, at + 8 * FLOATS);
    FloatVector sum9 = FloatVector.fromArray(F, tiles, at + 9 * FLOATS);
    FloatVector sum10 = FloatVector.fromArray(F, tiles, at + 10 * FLOATS);
    FloatVector sum11 = FloatVector.fromArray(F, tiles, at + 11 * FLOATS);
    for (int k = 0; k < depth; k++) {
      FloatVector xs = FloatVector.fromArray(F, x, xAt + k * FLOATS);
      FloatVector w0 = FloatVector.broadcast(F, panel[from + k]);
      sum0 = w0.fma(xs, sum0);
      FloatVector w1 = FloatVector.broadcast(F, panel[from + k + DEPTH]);
      sum1 = w1.fma(xs, sum1);
      FloatVector w2 = FloatVector.broadcast(F, panel[row2 + k]);
      sum2 = w2.fma(xs, sum2);
      FloatVector w3 = FloatVector.broadcast(F, panel[row2 + k + DEPTH]);
      sum3 = w3.fma(xs, sum3);
      FloatVector w4 = FloatVector.broadcast(F, panel[row4 + k]);
      sum4 = w4.fma(xs, sum4);
      FloatVector w5 = FloatVector.broadcast(F, panel[row4 + k + DEPTH]);
      sum5 = w5.fma(xs, sum5);
      FloatVector w6 = FloatVector.broadcast(F, panel[row6 + k]);
      sum6 = w6.fma(xs, sum6);
      FloatVector w7 = FloatVector.broadcast(F, panel[row6 + k + DEPTH]);
      sum7 = w7.fma(xs, sum7);
      FloatVector w8 = FloatVector.broadcast(F, panel[row8 + k]);
      sum8 = w8.fma(xs, sum8);
      FloatVector w9 = FloatVector.broadcast(F, panel[row8 + k + DEPTH]);
      sum9 = w9.fma(xs, sum9);
      FloatVector w10 = FloatVector.broadcast(F, panel[row10 + k]);
      sum10 = w10.fma(xs, sum10);
      FloatVector w11 = FloatVector.broadcast(F, panel[row10 + k + DEPTH]);
      sum11 = w11.fma(xs, sum11);
    }
    sum0.intoArray(tiles, at);
    sum1.intoArray(tiles, at + FLOATS);
    sum2.intoArray(tiles, at + 2 * FLOATS);
    sum3.intoArray(tiles, at + 3 * FLOATS);
    sum4.intoArray(tiles, at + 4 * FLOATS);
    sum5.intoArray(tiles, at + 5 * FLOATS);
    sum6.intoArray(tiles, at + 6 * FLOATS);
    sum7.intoArray(tiles, at + 7 * FLOATS);
    sum8.intoArray(tiles, at + 8 * FLOATS);
    sum9.intoArray(tiles, at + 9 * FLOATS);
    sum10.intoArray(tiles, at + 10 * FLOATS);
    sum11.intoArray(tiles, at + 11 * FLOATS);
  }

  /** 12 rows times 2 registers of tokens. */
  private static void times2(
      float[] panel, int from, int depth, float[] x, int xAt, float[] tiles, int at) {
    int row2 = from + 2 * DEPTH;
    int row4 = from + 4 * DEPTH;
    int row6 = from + 6 * DEPTH;
    int row8 = from + 8 * DEPTH;
    int row10 = from + 10 * DEPTH;
    FloatVector sum0a = FloatVector.fromArray(F, tiles, at);
    FloatVector sum0b = FloatVector.fromArray(F, tiles, at + FLOATS);
    FloatVector sum1a = FloatVector.fromArray(F, tiles, at + 2 * FLOATS);
    FloatVector sum1b = FloatVector.fromArray(F, tiles, at + 3 * FLOATS);
    FloatVector sum2a = FloatVector.fromArray(F, tiles, at + 4 * FLOATS);
    FloatVector sum2b = FloatVector.fromArray(F, tiles, at + 5 * FLOATS);
    FloatVector sum3a = FloatVector.fromArray(F, tiles, at + 6 * FLOATS);
    FloatVector sum3b = FloatVector.fromArray(F, tiles, at + 7 * FLOATS);
    FloatVector sum4a = FloatVector.fromArray(F, tiles, at + 8 * FLOATS);
    FloatVector sum4b = FloatVector.fromArray(F, tiles, at + 9 * FLOATS);
    FloatVector sum5a = FloatVector.fromArray(F, tiles, at + 10 * FLOATS);
    FloatVector sum5b = FloatVector.fromArray(F, tiles, at + 11 * FLOATS);
    FloatVector sum6a = FloatVector.fromArray(F, tiles, at + 12 * FLOATS);
    FloatVector sum6b = FloatVector.fromArray(F, tiles, at + 13 * FLOATS);
    FloatVector sum7a = FloatVector.fromArray(F, tiles, at + 14 * FLOATS);
    FloatVector sum7b = FloatVector.fromArray(F, tiles, at + 15 * FLOATS);
    FloatVector sum8a = FloatVector.fromArray(F, tiles, at + 16 * FLOATS);
    FloatVector sum8b = FloatVector.fromArray(F, tiles, at + 17 * FLOATS);
    FloatVector sum9a = FloatVector.fromArray(F, tiles, at + 18 * FLOATS);
    FloatVector sum9b = FloatVector.fromArray(F, tiles, at + 19 * FLOATS);
    FloatVector sum10a = FloatVector.fromArray(F, tiles, at + 20 * FLOATS);
    FloatVector sum10b = FloatVector.fromArray(F, tiles, at + 21 * FLOATS);
    FloatVector sum11a = FloatVector.fromArray(F, tiles, at + 22 * FLOATS);
    FloatVector sum11b = FloatVector.fromArray(F, tiles, at + 23 * FLOATS);
    for (int k = 0; k < depth; k++) {
      FloatVector xa = FloatVector.fromArray(F, x, xAt + k * (2 * FLOATS));
      FloatVector xb = FloatVector.fromArray(F, x, xAt + k * (2 * FLOATS) + FLOATS);
      FloatVector w0 = FloatVector.broadcast(F, panel[from + k]);
      sum0a = w0.fma(xa, sum0a);
      sum0b = w0.fma(xb, sum0b);
      FloatVector w1 = FloatVector.broadcast(F, panel[from + k + DEPTH]);
      sum1a = w1.fma(xa, sum1a);
      sum1b = w1.fma(xb, sum1b);
      FloatVector w2 = FloatVector.broadcast(F, panel[row2 + k]);
      sum2a = w2.fma(xa, sum2a);
      sum2b = w2.fma(xb, sum2b);
      FloatVector w3 = FloatVector.broadcast(F, panel[row2 + k + DEPTH]);
      sum3a = w3.fma(xa, sum3a);
      sum3b = w3.fma(xb, sum3b);
      FloatVector w4 = FloatVector.broadcast(F, panel[row4 + k]);
      sum4a = w4.fma(xa, sum4a);
      sum4b = w4.fma(xb, sum4b);
      FloatVector w5 = FloatVector.broadcast(F, panel[row4 + k + DEPTH]);
      sum5a = w5.fma(xa, sum5a);
      sum5b = w5.fma(xb, sum5b);
      FloatVector w6 = FloatVector.broadcast(F, panel[row6 + k]);
      sum6a = w6.fma(xa, sum6a);
      sum6b = w6.fma(xb, sum6b);
      FloatVector w7 = FloatVector.broadcast(F, panel[row6 + k + DEPTH]);
      sum7a = w7.fma(xa, sum7a);
      sum7b = w7.fma(xb, sum7b);
      FloatVector w8 = FloatVector.broadcast(F, panel[row8 + k]);
      sum8a = w8.fma(xa, sum8a);
      sum8b = w8.fma(xb, sum8b);
      FloatVector w9 = FloatVector.broadcast(F, panel[row8 + k + DEPTH]);
      sum9a = w9.fma(xa, sum9a);
      sum9b = w9.fma(xb, sum9b);
      FloatVector w10 = FloatVector.broadcast(F, panel[row10 + k]);
      sum10a = w10.fma(xa, sum10a);
      sum10b = w10.fma(xb, sum10b);
      FloatVector w11 = FloatVector.broadcast(F, panel[row10 + k + DEPTH]);
      sum11a = w11.fma(xa, sum11a);
      sum11b = w11.fma(xb, sum11b);
    }
    sum0a.intoArray(tiles, at);
    sum0b.intoArray(tiles, at + FLOATS);
    sum1a.intoArray(tiles, at + 2 * FLOATS);
    sum1b.intoArray(tiles, at + 3 * FLOATS);
    sum2a.intoArray(tiles, at + 4 * FLOATS);
    sum2b.intoArray(tiles, at + 5 * FLOATS);
    sum3a.intoArray(tiles, at + 6 * FLOATS);
    sum3b.intoArray(tiles, at + 7 * FLOATS);
    sum4a.intoArray(tiles, at + 8 * FLOATS);
    sum4b.intoArray(tiles, at + 9 * FLOATS);
    sum5a.intoArray(tiles, at + 10 * FLOATS);
    sum5b.intoArray(tiles, at + 11 * FLOATS);
    sum6a.intoArray(tiles, at + 12 * FLOATS);
    sum6b.intoArray(tiles, at + 13 * FLOATS);
    sum7a.intoArray(tiles, at + 14 * FLOATS);
    sum7b.intoArray(tiles, at + 15 * FLOATS);
    sum8a.intoArray(tiles, at + 16 * FLOATS);
    sum8b.intoArray(tiles, at + 17 * FLOATS);
    sum9a.intoArray(tiles, at + 18 * FLOATS);
    sum9b.intoArray(tiles, at + 19 * FLOATS);
    sum10a.intoArray(tiles, at + 20 * FLOATS);
    sum10b.intoArray(tiles, at + 21 * FLOATS);
    sum11a.intoArray(tiles, at + 22 * FLOATS);
    sum11b.intoArray(tiles, at + 23 * FLOATS);
  }
}
