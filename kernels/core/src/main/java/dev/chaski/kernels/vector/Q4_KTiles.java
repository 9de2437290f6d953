package dev.chaski.kernels.vector;

import static dev.chaski.kernels.quant.Q4_KDecoder.BLOCK_BYTES;
import static dev.chaski.kernels.quant.Q4_KDecoder.BLOCK_SIZE;
import static dev.chaski.kernels.vector.Lanes.F;
import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static jdk.incubator.vector.VectorOperators.LSHR;

import dev.chaski.kernels.cpu.CpuWeight;
import dev.chaski.kernels.quant.LittleEndian;
import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;

/**
 * Tiles of {@code Q4_K}; the layout is drawn at {@link dev.chaski.kernels.quant.Q4_KDecoder}. The
 * bytes of half a super-block are 16 ints, and a plane is one nibble of all of them. It is masked
 * and converted where it is: {@code x} was divided by its power of two before.
 */
final class Q4_KTiles implements TileFormat {
  private static final int CODES_AT = 16;

  /** Of a super-block, in each of three passes. */
  private static final int TOUCH_STEP = BLOCK_BYTES / 3;

  private final int[] places = SixBitScales.places();
  private final float[] factors = new float[BLOCK_SIZE];

  Q4_KTiles() {
    for (int i = 0; i < factors.length; i++) {
      int nibble = i / 16 % 4 * 2 + i / 64 % 2;
      factors[i] = nibble == 7 ? 1 : 1f / (1 << (4 * nibble)); // the last is shifted down
    }
  }

  @Override
  public boolean fits(CpuWeight w) {
    return w.scale().isEmpty();
  }

  @Override
  public void prepare(float[] x, int columns, TileInput to) {
    to.setPlanes(x, columns, places, factors);
    SixBitScales.setSums(x, columns, to.sums);
  }

  @Override
  public void multiply(CpuWeight w, int first, int rows, TileInput x, TileScratch s, long touch) {
    long rowBytes = w.rowBytes();
    long at = first * rowBytes;
    long t = touch;
    long apart = rows * rowBytes / Tiles.PLACES;
    int share = rows / Tiles.PLACES * TOUCH_STEP;
    for (int block = 0; block < w.columns() / BLOCK_SIZE; block++, at += BLOCK_BYTES) {
      SixBitScales.unpack(
          w.data(), at, rowBytes, rows, x.sums, 16 * block, s, t, TOUCH_STEP, apart);
      int k = block * BLOCK_SIZE;
      long codes = at + CODES_AT;
      dot(w.data(), codes, rowBytes, rows, x.planes, k, s, 0, t + share, apart);
      dot(w.data(), codes + 64, rowBytes, rows, x.planes, k + STRIP, s, 4, t + 2L * share, apart);
      t += 3L * share;
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
      int scalesAt,
      long touch,
      long apart) {
    FloatVector x0 = FloatVector.fromArray(F, x, k);
    FloatVector x2 = FloatVector.fromArray(F, x, k + 16);
    FloatVector x4 = FloatVector.fromArray(F, x, k + 32);
    FloatVector x6 = FloatVector.fromArray(F, x, k + 48);
    FloatVector x1 = FloatVector.fromArray(F, x, k + 64);
    FloatVector x3 = FloatVector.fromArray(F, x, k + 80);
    FloatVector x5 = FloatVector.fromArray(F, x, k + 96);
    FloatVector x7 = FloatVector.fromArray(F, x, k + 112);
    float[] scales = s.scales;
    float[] sums = s.sums;
    long touched = 0;
    for (int r = 0; r < rows; r++) {
      touched += w.get(LittleEndian.LONG, touch + Tiles.turn(r, apart, TOUCH_STEP));
      IntVector q =
          ByteVector.fromMemorySegment(BytePlanes.BYTES, w, at + r * rowBytes, LITTLE_ENDIAN)
              .reinterpretAsInts();
      FloatVector low = ((FloatVector) q.and(0x0000_000F).castShape(F, 0)).mul(x0);
      FloatVector high = ((FloatVector) q.and(0x0000_00F0).castShape(F, 0)).mul(x1);
      low = ((FloatVector) q.and(0x0000_0F00).castShape(F, 0)).fma(x2, low);
      high = ((FloatVector) q.and(0x0000_F000).castShape(F, 0)).fma(x3, high);
      low = ((FloatVector) q.and(0x000F_0000).castShape(F, 0)).fma(x4, low);
      high = ((FloatVector) q.and(0x00F0_0000).castShape(F, 0)).fma(x5, high);
      low = ((FloatVector) q.and(0x0F00_0000).castShape(F, 0)).fma(x6, low);
      high = ((FloatVector) q.lanewise(LSHR, 28).castShape(F, 0)).fma(x7, high);
      FloatVector four = FloatVector.fromArray(F, scales, 16 * r + scalesAt);
      FloatVector sum =
          low.fma(four.rearrange(SixBitScales.LOW), FloatVector.fromArray(F, sums, 16 * r));
      high.fma(four.rearrange(SixBitScales.HIGH), sum).intoArray(sums, 16 * r);
    }
    s.touched += touched;
  }
}
