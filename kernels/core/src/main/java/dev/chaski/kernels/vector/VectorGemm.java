package dev.chaski.kernels.vector;

import static dev.chaski.kernels.vector.Lanes.F;
import static dev.chaski.kernels.vector.Lanes.FLOATS;

import jdk.incubator.vector.FloatVector;

/**
 * Matrix times matrix on floats: a panel of decoded weight rows times all rows of an activation
 * tensor, in tiles of 4 x 4 results.
 */
final class VectorGemm {
  private static final int TILE = 4;

  private VectorGemm() {}

  /**
   * {@code out[n][firstRow + r] = Σ panel[r][k] * x[n][k]}, or {@code +=}.
   *
   * @param panel (panelRows, columns)
   * @param x (xRows, columns)
   * @param out (xRows, outColumns)
   */
  static void multiply(
      float[] panel,
      int panelRows,
      float[] x,
      int xRows,
      int columns,
      float[] out,
      int firstRow,
      int outColumns,
      boolean add) {
    float[] lanes = new float[TILE * TILE * FLOATS];
    for (int n = 0; n < xRows; n += TILE) {
      for (int r = 0; r < panelRows; r += TILE) {
        tile(panel, r, panelRows, x, n, xRows, columns, lanes);
        store(lanes, panel, r, panelRows, x, n, xRows, columns, out, firstRow, outColumns, add);
      }
    }
  }

  /**
   * Rows r .. r+3 of the panel times rows n .. n+3 of x, as far as whole vectors go; rows past the
   * end repeat the last one.
   *
   * @param lanes receives (4 of x, 4 of panel, FLOATS), not yet added up
   */
  private static void tile(
      float[] panel,
      int r,
      int panelRows,
      float[] x,
      int n,
      int xRows,
      int columns,
      float[] lanes) {
    int w0 = Math.min(r + 0, panelRows - 1) * columns;
    int w1 = Math.min(r + 1, panelRows - 1) * columns;
    int w2 = Math.min(r + 2, panelRows - 1) * columns;
    int w3 = Math.min(r + 3, panelRows - 1) * columns;
    int x0 = Math.min(n + 0, xRows - 1) * columns;
    int x1 = Math.min(n + 1, xRows - 1) * columns;
    int x2 = Math.min(n + 2, xRows - 1) * columns;
    int x3 = Math.min(n + 3, xRows - 1) * columns;
    FloatVector sum00 = FloatVector.zero(F);
    FloatVector sum01 = FloatVector.zero(F);
    FloatVector sum02 = FloatVector.zero(F);
    FloatVector sum03 = FloatVector.zero(F);
    FloatVector sum10 = FloatVector.zero(F);
    FloatVector sum11 = FloatVector.zero(F);
    FloatVector sum12 = FloatVector.zero(F);
    FloatVector sum13 = FloatVector.zero(F);
    FloatVector sum20 = FloatVector.zero(F);
    FloatVector sum21 = FloatVector.zero(F);
    FloatVector sum22 = FloatVector.zero(F);
    FloatVector sum23 = FloatVector.zero(F);
    FloatVector sum30 = FloatVector.zero(F);
    FloatVector sum31 = FloatVector.zero(F);
    FloatVector sum32 = FloatVector.zero(F);
    FloatVector sum33 = FloatVector.zero(F);
    for (int k = 0; k < F.loopBound(columns); k += FLOATS) {
      FloatVector a0 = FloatVector.fromArray(F, panel, w0 + k);
      FloatVector a1 = FloatVector.fromArray(F, panel, w1 + k);
      FloatVector a2 = FloatVector.fromArray(F, panel, w2 + k);
      FloatVector a3 = FloatVector.fromArray(F, panel, w3 + k);
      FloatVector b0 = FloatVector.fromArray(F, x, x0 + k);
      sum00 = a0.fma(b0, sum00);
      sum10 = a1.fma(b0, sum10);
      sum20 = a2.fma(b0, sum20);
      sum30 = a3.fma(b0, sum30);
      FloatVector b1 = FloatVector.fromArray(F, x, x1 + k);
      sum01 = a0.fma(b1, sum01);
      sum11 = a1.fma(b1, sum11);
      sum21 = a2.fma(b1, sum21);
      sum31 = a3.fma(b1, sum31);
      FloatVector b2 = FloatVector.fromArray(F, x, x2 + k);
      sum02 = a0.fma(b2, sum02);
      sum12 = a1.fma(b2, sum12);
      sum22 = a2.fma(b2, sum22);
      sum32 = a3.fma(b2, sum32);
      FloatVector b3 = FloatVector.fromArray(F, x, x3 + k);
      sum03 = a0.fma(b3, sum03);
      sum13 = a1.fma(b3, sum13);
      sum23 = a2.fma(b3, sum23);
      sum33 = a3.fma(b3, sum33);
    }
    sum00.intoArray(lanes, 0);
    sum10.intoArray(lanes, FLOATS);
    sum20.intoArray(lanes, 2 * FLOATS);
    sum30.intoArray(lanes, 3 * FLOATS);
    sum01.intoArray(lanes, 4 * FLOATS);
    sum11.intoArray(lanes, 5 * FLOATS);
    sum21.intoArray(lanes, 6 * FLOATS);
    sum31.intoArray(lanes, 7 * FLOATS);
    sum02.intoArray(lanes, 8 * FLOATS);
    sum12.intoArray(lanes, 9 * FLOATS);
    sum22.intoArray(lanes, 10 * FLOATS);
    sum32.intoArray(lanes, 11 * FLOATS);
    sum03.intoArray(lanes, 12 * FLOATS);
    sum13.intoArray(lanes, 13 * FLOATS);
    sum23.intoArray(lanes, 14 * FLOATS);
    sum33.intoArray(lanes, 15 * FLOATS);
  }

  /** Adds up the lanes of a tile and what is left of its rows. */
  private static void store(
      float[] lanes,
      float[] panel,
      int r,
      int panelRows,
      float[] x,
      int n,
      int xRows,
      int columns,
      float[] out,
      int firstRow,
      int outColumns,
      boolean add) {
    int k = F.loopBound(columns);
    for (int j = 0; j < Math.min(TILE, xRows - n); j++) {
      for (int i = 0; i < Math.min(TILE, panelRows - r); i++) {
        float sum = Lanes.sum(lanes, (j * TILE + i) * FLOATS);
        float rest = tail(panel, (r + i) * columns, x, (n + j) * columns, k, columns);
        VectorFormat.store(out, (n + j) * outColumns + firstRow + r + i, sum + rest, add);
      }
    }
  }

  /** The products that do not fill a vector. */
  private static float tail(float[] a, int aAt, float[] b, int bAt, int from, int to) {
    float sum = 0;
    for (int k = from; k < to; k++) {
      sum += a[aAt + k] * b[bAt + k];
    }
    return sum;
  }
}
