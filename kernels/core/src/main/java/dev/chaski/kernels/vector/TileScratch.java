package dev.chaski.kernels.vector;

import static dev.chaski.kernels.vector.Lanes.FLOATS;

/** What a thread keeps while it multiplies a tile of rows. */
final class TileScratch {
  /** Vectors of scales that a row can have at a time. */
  static final int SCALES = 4 * FLOATS;

  /** Sums of products of each row, one vector each. */
  final float[] sums = new float[TileFormat.ROWS * FLOATS];

  /** Scales of each row, {@link #SCALES} each at most. */
  final float[] scales = new float[TileFormat.ROWS * SCALES + FLOATS];

  /** Where formats gather F16 scales; a register longer than needed. */
  final short[] halves = new short[TileFormat.ROWS * SCALES + 2 * FLOATS];

  /** See {@link Unpacked#touched}. */
  long touched;
}
