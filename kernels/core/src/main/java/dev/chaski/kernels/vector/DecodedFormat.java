package dev.chaski.kernels.vector;

import dev.chaski.kernels.quant.BlockDecoder;
import java.lang.foreign.MemorySegment;

/**
 * Any format that has no kernel of its own: each row is decoded by the scalar decoder and
 * multiplied as floats. Correct, not fast.
 */
final class DecodedFormat implements VectorFormat {
  private final BlockDecoder decoder;

  DecodedFormat(BlockDecoder decoder) {
    this.decoder = decoder;
  }

  @Override
  public void matvec(
      MemorySegment w,
      long offset,
      long rowBytes,
      int rows,
      int columns,
      float[] x,
      int xOffset,
      float[] out,
      int outOffset,
      boolean add) {
    float[] row = new float[columns];
    for (int r = 0; r < rows; r++) {
      decoder.decode(w, offset + r * rowBytes, row, 0, columns);
      VectorFormat.store(out, outOffset + r, VectorMath.dot(row, 0, x, xOffset, columns), add);
    }
  }

  @Override
  public void decode(MemorySegment src, long offset, float[] dst, int dstOffset, int count) {
    decoder.decode(src, offset, dst, dstOffset, count);
  }
}
