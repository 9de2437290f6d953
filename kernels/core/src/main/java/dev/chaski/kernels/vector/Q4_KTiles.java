package dev.chaski.kernels.vector;

import static dev.chaski.kernels.quant.Q4_KDecoder.BLOCK_BYTES;
import static dev.chaski.kernels.quant.Q4_KDecoder.BLOCK_SIZE;
import static dev.chaski.kernels.vector.Lanes.F;
import static dev.chaski.kernels.vector.Lanes.I;
import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static jdk.incubator.vector.VectorOperators.LSHR;

import dev.chaski.kernels.cpu.CpuWeight;
import dev.chaski.kernels.quant.LittleEndian;
import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;

/**
 * Tiles of {@code Q4_K}; the layout is drawn at {@link dev.chaski.kernels.quant.Q4_KDecoder}. The
 * bytes of half a super-block are 16 ints, and a plane is one nibble of all of them. It is masked
 * and converted where it is: {@code x} was divided by its power of two before.
 */
final class Q4_KTiles implements TileFormat {
  private static final int CODES_AT = 16;

  private static final long TOUCH_STEP = BLOCK_BYTES / Tiles.PLACES;

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
    int blocks = w.columns() / BLOCK_SIZE;
    SixBitScales.keepUnits(w.data(), at, rowBytes, rows, s);
    for (int block = 0; block < blocks; block++) {
      // At the last block, the same units once more.
      int ahead = block + 1 < blocks ? BLOCK_BYTES : 0;
      Lanes.toFloats(s.halves, 2 * rows, s.scales);
      dot(w.data(), at, rowBytes, rows, x, block, s, t, apart, ahead);
      at += BLOCK_BYTES;
      t += rows * TOUCH_STEP;
    }
  }

  private static void dot(
      MemorySegment w,
      long at,
      long rowBytes,
      int rows,
      TileInput in,
      int block,
      TileScratch s,
      long touch,
      long apart,
      int ahead) {
    float[] x = in.planes;
    int k = block * BLOCK_SIZE;
    FloatVector x0 = FloatVector.fromArray(F, x, k);
    FloatVector x2 = FloatVector.fromArray(F, x, k + 16);
    FloatVector x4 = FloatVector.fromArray(F, x, k + 32);
    FloatVector x6 = FloatVector.fromArray(F, x, k + 48);
    FloatVector x1 = FloatVector.fromArray(F, x, k + 64);
    FloatVector x3 = FloatVector.fromArray(F, x, k + 80);
    FloatVector x5 = FloatVector.fromArray(F, x, k + 96);
    FloatVector x7 = FloatVector.fromArray(F, x, k + 112);
    FloatVector y0 = FloatVector.fromArray(F, x, k + 128);
    FloatVector y2 = FloatVector.fromArray(F, x, k + 144);
    FloatVector y4 = FloatVector.fromArray(F, x, k + 160);
    FloatVector y6 = FloatVector.fromArray(F, x, k + 176);
    FloatVector y1 = FloatVector.fromArray(F, x, k + 192);
    FloatVector y3 = FloatVector.fromArray(F, x, k + 208);
    FloatVector y5 = FloatVector.fromArray(F, x, k + 224);
    FloatVector y7 = FloatVector.fromArray(F, x, k + 240);
    FloatVector xs = FloatVector.fromArray(F, in.sums, 16 * block);
    float[] units = s.scales;
    float[] sums = s.sums;
    short[] halves = s.halves;
    long touched = 0;
    for (int r = 0; r < rows; r++) {
      touched += Tiles.touch(w, touch + r * TOUCH_STEP, apart);
      long row = at + r * rowBytes;
      halves[2 * r] = w.get(LittleEndian.SHORT, row + ahead);
      halves[2 * r + 1] = w.get(LittleEndian.SHORT, row + ahead + Short.BYTES);
      FloatVector scales = SixBitScales.unpack(w, row, units, 2 * r);
      FloatVector sum = scales.fma(xs, FloatVector.fromArray(F, sums, 16 * r));
      IntVector q = IntVector.fromMemorySegment(I, w, row + CODES_AT, LITTLE_ENDIAN);
      FloatVector low = ((FloatVector) q.and(0x0000_000F).castShape(F, 0)).mul(x0);
      FloatVector high = ((FloatVector) q.and(0x0000_00F0).castShape(F, 0)).mul(x1);
      low = ((FloatVector) q.and(0x0000_0F00).castShape(F, 0)).fma(x2, low);
      high = ((FloatVector) q.and(0x0000_F000).castShape(F, 0)).fma(x3, high);
      low = ((FloatVector) q.and(0x000F_0000).castShape(F, 0)).fma(x4, low);
      high = ((FloatVector) q.and(0x00F0_0000).castShape(F, 0)).fma(x5, high);
      low = ((FloatVector) q.and(0x0F00_0000).castShape(F, 0)).fma(x6, low);
      high = ((FloatVector) q.lanewise(LSHR, 28).castShape(F, 0)).fma(x7, high);
      sum = low.fma(scales.rearrange(SixBitScales.LOW_0), sum);
      sum = high.fma(scales.rearrange(SixBitScales.HIGH_0), sum);
      q = IntVector.fromMemorySegment(I, w, row + CODES_AT + 64, LITTLE_ENDIAN);
      low = ((FloatVector) q.and(0x0000_000F).castShape(F, 0)).mul(y0);
      high = ((FloatVector) q.and(0x0000_00F0).castShape(F, 0)).mul(y1);
      low = ((FloatVector) q.and(0x0000_0F00).castShape(F, 0)).fma(y2, low);
      high = ((FloatVector) q.and(0x0000_F000).castShape(F, 0)).fma(y3, high);
      low = ((FloatVector) q.and(0x000F_0000).castShape(F, 0)).fma(y4, low);
      high = ((FloatVector) q.and(0x00F0_0000).castShape(F, 0)).fma(y5, high);
      low = ((FloatVector) q.and(0x0F00_0000).castShape(F, 0)).fma(y6, low);
      high = ((FloatVector) q.lanewise(LSHR, 28).castShape(F, 0)).fma(y7, high);
      sum = low.fma(scales.rearrange(SixBitScales.LOW_1), sum);
      high.fma(scales.rearrange(SixBitScales.HIGH_1), sum).intoArray(sums, 16 * r);
    }
    s.touched += touched;
  }
}
