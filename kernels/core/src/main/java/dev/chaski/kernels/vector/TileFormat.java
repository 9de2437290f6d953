package dev.chaski.kernels.vector;

import dev.chaski.kernels.cpu.CpuWeight;

/**
 * Matrix times vector by tiles, for registers of 512 bits: {@link #ROWS} rows are multiplied by a
 * strip of columns, then by the next strip. The loop over rows is the innermost: a strip of {@code
 * x} stays in registers, and what a loop costs before its first pass is paid once for all rows.
 *
 * <p>Loops go down the rows, but processors fetch ahead only what is read in the order of its
 * addresses. So each pass also touches some bytes of the next tile, see {@link Tiles#touch}: little
 * by little, since what is loaded holds up all later work until it arrives.
 */
interface TileFormat {
  /** Rows of a tile, at most. */
  int ROWS = 64;

  /** Columns that loops multiply at once: eight registers of floats. */
  int STRIP = 128;

  /** Whether tiles of this weight can be multiplied. */
  boolean fits(CpuWeight w);

  /** Brings {@code x[0 .. columns)} into the form that {@link #multiply} wants. */
  void prepare(float[] x, int columns, TileInput to);

  /**
   * Adds products of weights and {@code x} to the lanes of {@code s.sums}.
   *
   * @param first the first row
   * @param rows at most {@link #ROWS}
   * @param touch where as many bytes as the tile has are to be touched
   */
  void multiply(CpuWeight w, int first, int rows, TileInput x, TileScratch s, long touch);
}
