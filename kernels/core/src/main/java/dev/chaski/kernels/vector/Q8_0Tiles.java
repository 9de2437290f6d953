package dev.chaski.kernels.vector;

import static dev.chaski.kernels.quant.Q8_0Decoder.BLOCK_BYTES;
import static dev.chaski.kernels.quant.Q8_0Decoder.BLOCK_SIZE;
import static dev.chaski.kernels.vector.Lanes.F;
import static java.nio.ByteOrder.LITTLE_ENDIAN;

import dev.chaski.kernels.cpu.CpuWeight;
import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Tiles of {@code Q8_0}; the layout is drawn at {@link dev.chaski.kernels.quant.Q8_0Decoder}. The
 * scale of a block is applied to its sum of products.
 */
final class Q8_0Tiles implements TileFormat {
  private static final VectorSpecies<Byte> B = ByteVector.SPECIES_128;
  private static final int STRIP_BYTES = STRIP / BLOCK_SIZE * BLOCK_BYTES;

  private static final long TOUCH_STEP = STRIP_BYTES / Tiles.PLACES;

  @Override
  public boolean fits(CpuWeight w) {
    return w.scale().isEmpty() && w.columns() % STRIP == 0;
  }

  @Override
  public void prepare(float[] x, int columns, TileInput to) {
    System.arraycopy(x, 0, to.planes, 0, columns);
  }

  @Override
  public void multiply(CpuWeight w, int first, int rows, TileInput x, TileScratch s, long touch) {
    long rowBytes = w.rowBytes();
    long at = first * rowBytes;
    long t = touch;
    long apart = rows * rowBytes / Tiles.PLACES;
    for (int k = 0; k < w.columns(); k += STRIP) {
      s.readScales(w.data(), at, rowBytes, rows, BLOCK_BYTES);
      dot(w.data(), at, rowBytes, rows, x.planes, k, s, t, apart);
      at += STRIP_BYTES;
      t += rows * TOUCH_STEP;
    }
  }

  private static void dot(
      MemorySegment w,
      long at,
      long rowBytes,
      int rows,
      float[] x,
      int k,
      TileScratch s,
      long touch,
      long apart) {
    FloatVector x0 = FloatVector.fromArray(F, x, k);
    FloatVector x1 = FloatVector.fromArray(F, x, k + 16);
    FloatVector x2 = FloatVector.fromArray(F, x, k + 32);
    FloatVector x3 = FloatVector.fromArray(F, x, k + 48);
    FloatVector x4 = FloatVector.fromArray(F, x, k + 64);
    FloatVector x5 = FloatVector.fromArray(F, x, k + 80);
    FloatVector x6 = FloatVector.fromArray(F, x, k + 96);
    FloatVector x7 = FloatVector.fromArray(F, x, k + 112);
    float[] sums = s.sums;
    float[] scales = s.scales;
    long touched = 0;
    for (int r = 0; r < rows; r++) {
      touched += Tiles.touch(w, touch + r * TOUCH_STEP, apart);
      long row = at + r * rowBytes;
      FloatVector dot0 =
          ((FloatVector) ByteVector.fromMemorySegment(B, w, row + 2, LITTLE_ENDIAN).castShape(F, 0))
              .mul(x0);
      FloatVector dot1 =
          ((FloatVector)
                  ByteVector.fromMemorySegment(B, w, row + 36, LITTLE_ENDIAN).castShape(F, 0))
              .mul(x2);
      FloatVector dot2 =
          ((FloatVector)
                  ByteVector.fromMemorySegment(B, w, row + 70, LITTLE_ENDIAN).castShape(F, 0))
              .mul(x4);
      FloatVector dot3 =
          ((FloatVector)
                  ByteVector.fromMemorySegment(B, w, row + 104, LITTLE_ENDIAN).castShape(F, 0))
              .mul(x6);
      dot0 =
          ((FloatVector)
                  ByteVector.fromMemorySegment(B, w, row + 18, LITTLE_ENDIAN).castShape(F, 0))
              .fma(x1, dot0);
      dot1 =
          ((FloatVector)
                  ByteVector.fromMemorySegment(B, w, row + 52, LITTLE_ENDIAN).castShape(F, 0))
              .fma(x3, dot1);
      dot2 =
          ((FloatVector)
                  ByteVector.fromMemorySegment(B, w, row + 86, LITTLE_ENDIAN).castShape(F, 0))
              .fma(x5, dot2);
      dot3 =
          ((FloatVector)
                  ByteVector.fromMemorySegment(B, w, row + 120, LITTLE_ENDIAN).castShape(F, 0))
              .fma(x7, dot3);
      FloatVector sum = FloatVector.fromArray(F, sums, 16 * r);
      sum = dot0.fma(FloatVector.broadcast(F, scales[4 * r + 0]), sum);
      sum = dot1.fma(FloatVector.broadcast(F, scales[4 * r + 1]), sum);
      sum = dot2.fma(FloatVector.broadcast(F, scales[4 * r + 2]), sum);
      dot3.fma(FloatVector.broadcast(F, scales[4 * r + 3]), sum).intoArray(sums, 16 * r);
    }
    s.touched += touched;
  }
}
