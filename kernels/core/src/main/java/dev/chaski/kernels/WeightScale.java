package dev.chaski.kernels;

/**
 * What the stored values of a weight are multiplied by, where that is not part of their type: FP8
 * checkpoints keep scales as tensors of their own. Rows are covered in bands of {@link #blockRows},
 * columns in blocks of {@link #blockColumns}; a band has {@link #blocks} scales. Immutable.
 */
public final class WeightScale {
  private final float[] values; // (bands, blocks)
  private final int blockRows;
  private final int blockColumns;
  private final int blocks;

  private WeightScale(float[] values, int blockRows, int blockColumns, int blocks) {
    if (blockRows < 1 || blockColumns < 1 || blocks < 1 || values.length % blocks != 0) {
      throw new IllegalArgumentException(
          values.length
              + " scales cannot be bands of "
              + blocks
              + " for blocks of "
              + blockRows
              + " x "
              + blockColumns);
    }
    for (float value : values) {
      if (!Float.isFinite(value)) {
        throw new IllegalArgumentException("a weight scale is " + value + ", it must be finite");
      }
    }
    this.values = values;
    this.blockRows = blockRows;
    this.blockColumns = blockColumns;
    this.blocks = blocks;
  }

  /** One scale for the whole weight. */
  public static WeightScale perTensor(float scale) {
    return new WeightScale(new float[] {scale}, Integer.MAX_VALUE, Integer.MAX_VALUE, 1);
  }

  /** One scale for each row; copies {@code scales}, (rows). */
  public static WeightScale perRow(float[] scales) {
    return new WeightScale(scales.clone(), 1, Integer.MAX_VALUE, 1);
  }

  /**
   * One scale for each block of {@code blockRows x blockColumns} of a weight of {@code columns}.
   *
   * @param scales (ceil(rows / blockRows), ceil(columns / blockColumns)), copied
   */
  public static WeightScale perBlock(float[] scales, int blockRows, int blockColumns, int columns) {
    return new WeightScale(
        scales.clone(), blockRows, blockColumns, Math.ceilDiv(columns, Math.max(1, blockColumns)));
  }

  /** Rows that share scales. */
  public int blockRows() {
    return blockRows;
  }

  /** Columns that share a scale. */
  public int blockColumns() {
    return blockColumns;
  }

  /** Scales of a band of rows. */
  public int blocks() {
    return blocks;
  }

  /** Number of scales. */
  public int size() {
    return values.length;
  }

  /** The scale of a block of columns in a row. */
  public float at(int row, int block) {
    return values[row / blockRows * blocks + block];
  }

  /**
   * Multiplies decoded values of a part of a row by their scales, in place.
   *
   * @param column column of the first value
   * @param values the part of the row, from {@code values[at]} on
   * @param count values of the part
   */
  public void apply(int row, int column, float[] values, int at, int count) {
    int from = column;
    int end = column + count;
    while (from < end) {
      int block = from / blockColumns;
      // One block may be as wide as an int can count.
      int to = (int) Math.min(end, (block + 1L) * blockColumns);
      float factor = at(row, block);
      for (int i = from; i < to; i++) {
        values[at + i - column] *= factor;
      }
      from = to;
    }
  }

  /** Whether it covers a weight of this size exactly. */
  public boolean fits(int rows, int columns) {
    return values.length == Math.ceilDiv(rows, blockRows) * blocks
        && blocks == Math.ceilDiv(columns, blockColumns);
  }
}
