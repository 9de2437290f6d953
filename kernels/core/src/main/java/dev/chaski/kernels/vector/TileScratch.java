package dev.chaski.kernels.vector;

import static dev.chaski.kernels.vector.Lanes.FLOATS;

import dev.chaski.kernels.quant.LittleEndian;
import java.lang.foreign.MemorySegment;

/** What a thread keeps while it multiplies a tile of rows. */
final class TileScratch {
  /** Scales that a row can have at a time. */
  static final int SCALES = FLOATS;

  /** Sums of products of each row, one vector each. */
  final float[] sums = new float[TileFormat.ROWS * FLOATS];

  /** Scales of each row, {@link #SCALES} each at most. */
  final float[] scales = new float[TileFormat.ROWS * SCALES + FLOATS];

  /** Where formats gather F16 scales; a register longer than needed. */
  final short[] halves = new short[TileFormat.ROWS * SCALES + 2 * FLOATS];

  /** See {@link Unpacked#touched}. */
  long touched;

  /**
   * Sets the scales of four blocks of each row, which begin with an F16 scale.
   *
   * @param at of the first row
   * @param blockBytes from one block to the next
   */
  void readScales(MemorySegment w, long at, long rowBytes, int rows, int blockBytes) {
    for (int r = 0; r < rows; r++) {
      long row = at + r * rowBytes;
      halves[4 * r] = w.get(LittleEndian.SHORT, row);
      halves[4 * r + 1] = w.get(LittleEndian.SHORT, row + blockBytes);
      halves[4 * r + 2] = w.get(LittleEndian.SHORT, row + 2L * blockBytes);
      halves[4 * r + 3] = w.get(LittleEndian.SHORT, row + 3L * blockBytes);
    }
    Lanes.toFloats(halves, 4 * rows, scales);
  }
}
