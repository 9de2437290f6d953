package dev.chaski.kernels.vector;

import static dev.chaski.kernels.quant.Q4_0Decoder.BLOCK_BYTES;
import static dev.chaski.kernels.quant.Q4_0Decoder.BLOCK_SIZE;
import static dev.chaski.kernels.vector.Lanes.F;
import static dev.chaski.kernels.vector.Lanes.I;
import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static jdk.incubator.vector.VectorOperators.ZERO_EXTEND_B2I;

import dev.chaski.kernels.cpu.CpuWeight;
import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * Tiles of {@code Q4_0}; the layout is drawn at {@link dev.chaski.kernels.quant.Q4_0Decoder}. With
 * nibbles {@code l} and {@code h}, a byte {@code b} is {@code l + 16 h}, and
 *
 * <pre>l x + h y = b x + 16 h (y / 16 - x)</pre>
 *
 * which needs one mask instead of two. (Products are up to 16 times as large as their sum, and so
 * is what is lost by rounding: about a millionth of the result.) That a weight is the nibble less 8
 * is in what each lane starts with. The scales of a strip are picked while the strip before is
 * multiplied, which has its registers and ports for that. Rows are taken in pairs: there is less to
 * do for each, and each touch is for two. (They are written out: C2 does not inline a method for
 * each block here, and vectors that cross the border of a method are allocated.)
 */
final class Q4_0Tiles implements TileFormat {
  private static final VectorSpecies<Byte> B = ByteVector.SPECIES_128;
  private static final VectorSpecies<Short> S = ShortVector.SPECIES_512;

  /** The scales of a row's strip, among its first 64 bytes. */
  private static final VectorShuffle<Short> SCALES =
      VectorShuffle.fromOp(S, i -> i % 4 * (BLOCK_BYTES / Short.BYTES));

  private static final int STRIP_BYTES = STRIP / BLOCK_SIZE * BLOCK_BYTES;

  private static final long TOUCH_STEP = STRIP_BYTES / Tiles.PLACES;

  @Override
  public boolean fits(CpuWeight w) {
    return w.scale().isEmpty() && w.columns() % STRIP == 0;
  }

  @Override
  public void prepare(float[] x, int columns, TileInput to) {
    for (int block = 0; block < columns / BLOCK_SIZE; block++) {
      for (int i = 0; i < 16; i++) {
        float low = x[block * BLOCK_SIZE + i];
        float high = x[block * BLOCK_SIZE + 16 + i];
        to.planes[block * BLOCK_SIZE + i] = low;
        to.planes[block * BLOCK_SIZE + 16 + i] = high / 16 - low;
        to.sums[block * 16 + i] = -8 * (low + high);
      }
    }
  }

  @Override
  public void multiply(CpuWeight w, int first, int rows, TileInput x, TileScratch s, long touch) {
    long rowBytes = w.rowBytes();
    long at = first * rowBytes;
    long t = touch;
    long apart = rows * rowBytes / Tiles.PLACES;
    s.readScales(w.data(), at, rowBytes, rows, BLOCK_BYTES);
    for (int k = 0; k < w.columns(); k += STRIP) {
      // At the last strip, the same scales once more.
      int ahead = k + STRIP < w.columns() ? STRIP_BYTES : 0;
      dot(w.data(), at, rowBytes, rows, x.planes, x.sums, k, s, t, apart, ahead);
      Lanes.toFloats(s.halves, 4 * rows, s.scales);
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
      float[] starts,
      int k,
      TileScratch s,
      long touch,
      long apart,
      int ahead) {
    FloatVector x0 = FloatVector.fromArray(F, x, k);
    FloatVector x1 = FloatVector.fromArray(F, x, k + 16);
    FloatVector x2 = FloatVector.fromArray(F, x, k + 32);
    FloatVector x3 = FloatVector.fromArray(F, x, k + 48);
    FloatVector x4 = FloatVector.fromArray(F, x, k + 64);
    FloatVector x5 = FloatVector.fromArray(F, x, k + 80);
    FloatVector x6 = FloatVector.fromArray(F, x, k + 96);
    FloatVector x7 = FloatVector.fromArray(F, x, k + 112);
    FloatVector start0 = FloatVector.fromArray(F, starts, k / 2);
    FloatVector start1 = FloatVector.fromArray(F, starts, k / 2 + 16);
    FloatVector start2 = FloatVector.fromArray(F, starts, k / 2 + 32);
    FloatVector start3 = FloatVector.fromArray(F, starts, k / 2 + 48);
    float[] scales = s.scales;
    short[] halves = s.halves;
    float[] sums = s.sums;
    long touched = 0;
    for (int r = 0; r < rows; r += 2) {
      touched += Tiles.touch(w, touch + r * TOUCH_STEP, apart);
      long row = at + r * rowBytes;
      ShortVector.fromMemorySegment(S, w, row + ahead, LITTLE_ENDIAN)
          .rearrange(SCALES)
          .intoArray(halves, 4 * r);
      FloatVector sum = FloatVector.fromArray(F, sums, 16 * r);
      IntVector q =
          (IntVector)
              ByteVector.fromMemorySegment(B, w, row + 2, LITTLE_ENDIAN)
                  .convertShape(ZERO_EXTEND_B2I, I, 0);
      FloatVector dot0 = ((FloatVector) q.castShape(F, 0)).fma(x0, start0);
      dot0 = ((FloatVector) q.and(0xF0).castShape(F, 0)).fma(x1, dot0);
      q =
          (IntVector)
              ByteVector.fromMemorySegment(B, w, row + 20, LITTLE_ENDIAN)
                  .convertShape(ZERO_EXTEND_B2I, I, 0);
      FloatVector dot1 = ((FloatVector) q.castShape(F, 0)).fma(x2, start1);
      dot1 = ((FloatVector) q.and(0xF0).castShape(F, 0)).fma(x3, dot1);
      q =
          (IntVector)
              ByteVector.fromMemorySegment(B, w, row + 38, LITTLE_ENDIAN)
                  .convertShape(ZERO_EXTEND_B2I, I, 0);
      FloatVector dot2 = ((FloatVector) q.castShape(F, 0)).fma(x4, start2);
      dot2 = ((FloatVector) q.and(0xF0).castShape(F, 0)).fma(x5, dot2);
      q =
          (IntVector)
              ByteVector.fromMemorySegment(B, w, row + 56, LITTLE_ENDIAN)
                  .convertShape(ZERO_EXTEND_B2I, I, 0);
      FloatVector dot3 = ((FloatVector) q.castShape(F, 0)).fma(x6, start3);
      dot3 = ((FloatVector) q.and(0xF0).castShape(F, 0)).fma(x7, dot3);
      sum = dot0.fma(FloatVector.broadcast(F, scales[4 * r]), sum);
      sum = dot1.fma(FloatVector.broadcast(F, scales[4 * r + 1]), sum);
      sum = dot2.fma(FloatVector.broadcast(F, scales[4 * r + 2]), sum);
      dot3.fma(FloatVector.broadcast(F, scales[4 * r + 3]), sum).intoArray(sums, 16 * r);
      // Behind the last of an odd number of rows, the same once more.
      row = at + Math.min(r + 1, rows - 1) * rowBytes;
      ShortVector.fromMemorySegment(S, w, row + ahead, LITTLE_ENDIAN)
          .rearrange(SCALES)
          .intoArray(halves, 4 * r + 4);
      sum = FloatVector.fromArray(F, sums, 16 * r + 16);
      q =
          (IntVector)
              ByteVector.fromMemorySegment(B, w, row + 2, LITTLE_ENDIAN)
                  .convertShape(ZERO_EXTEND_B2I, I, 0);
      dot0 = ((FloatVector) q.castShape(F, 0)).fma(x0, start0);
      dot0 = ((FloatVector) q.and(0xF0).castShape(F, 0)).fma(x1, dot0);
      q =
          (IntVector)
              ByteVector.fromMemorySegment(B, w, row + 20, LITTLE_ENDIAN)
                  .convertShape(ZERO_EXTEND_B2I, I, 0);
      dot1 = ((FloatVector) q.castShape(F, 0)).fma(x2, start1);
      dot1 = ((FloatVector) q.and(0xF0).castShape(F, 0)).fma(x3, dot1);
      q =
          (IntVector)
              ByteVector.fromMemorySegment(B, w, row + 38, LITTLE_ENDIAN)
                  .convertShape(ZERO_EXTEND_B2I, I, 0);
      dot2 = ((FloatVector) q.castShape(F, 0)).fma(x4, start2);
      dot2 = ((FloatVector) q.and(0xF0).castShape(F, 0)).fma(x5, dot2);
      q =
          (IntVector)
              ByteVector.fromMemorySegment(B, w, row + 56, LITTLE_ENDIAN)
                  .convertShape(ZERO_EXTEND_B2I, I, 0);
      dot3 = ((FloatVector) q.castShape(F, 0)).fma(x6, start3);
      dot3 = ((FloatVector) q.and(0xF0).castShape(F, 0)).fma(x7, dot3);
      sum = dot0.fma(FloatVector.broadcast(F, scales[4 * r + 4]), sum);
      sum = dot1.fma(FloatVector.broadcast(F, scales[4 * r + 5]), sum);
      sum = dot2.fma(FloatVector.broadcast(F, scales[4 * r + 6]), sum);
      dot3.fma(FloatVector.broadcast(F, scales[4 * r + 7]), sum).intoArray(sums, 16 * r + 16);
    }
    s.touched += touched;
  }
}
