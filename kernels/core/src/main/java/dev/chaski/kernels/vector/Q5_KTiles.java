package dev.chaski.kernels.vector;

import static dev.chaski.kernels.quant.Q5_KDecoder.BLOCK_BYTES;
import static dev.chaski.kernels.quant.Q5_KDecoder.BLOCK_SIZE;
import static dev.chaski.kernels.vector.Lanes.F;
import static dev.chaski.kernels.vector.Lanes.I;
import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LSHR;

import dev.chaski.kernels.cpu.CpuWeight;
import dev.chaski.kernels.quant.LittleEndian;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorShuffle;

/**
 * Tiles of {@code Q5_K}; the layout is drawn at {@link dev.chaski.kernels.quant.Q5_KDecoder}. The
 * nibbles of half a super-block are 16 ints; their fifth bits are brought to the same lane.
 */
final class Q5_KTiles implements TileFormat {
  private static final int HIGH_AT = 16;
  private static final int LOW_AT = 48;

  private static final long TOUCH_STEP = BLOCK_BYTES / Tiles.PLACES;

  private static final VectorShuffle<Integer> TWICE = VectorShuffle.fromOp(I, i -> i % 8);
  private static final IntVector HIGH_SHIFT_0 = shifts(0);
  private static final IntVector HIGH_SHIFT_1 = shifts(4);

  private final int[] places = SixBitScales.places();
  private final float[] factors = new float[BLOCK_SIZE];

  Q5_KTiles() {
    for (int i = 0; i < BLOCK_SIZE; i++) {
      factors[i] = 1f / (1 << (8 * (i / 16 % 4)));
    }
  }

  /** Bit 0 of a byte gets what belongs to its low nibble, bit 1 what belongs to the high one. */
  private static IntVector shifts(int first) {
    int[] shifts = new int[16];
    Arrays.fill(shifts, 0, 8, first);
    Arrays.fill(shifts, 8, 16, first + 2);
    return IntVector.fromArray(I, shifts, 0);
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
    FloatVector x1 = FloatVector.fromArray(F, x, k + 16);
    FloatVector x2 = FloatVector.fromArray(F, x, k + 32);
    FloatVector x3 = FloatVector.fromArray(F, x, k + 48);
    FloatVector x4 = FloatVector.fromArray(F, x, k + 64);
    FloatVector x5 = FloatVector.fromArray(F, x, k + 80);
    FloatVector x6 = FloatVector.fromArray(F, x, k + 96);
    FloatVector x7 = FloatVector.fromArray(F, x, k + 112);
    FloatVector y0 = FloatVector.fromArray(F, x, k + 128);
    FloatVector y1 = FloatVector.fromArray(F, x, k + 144);
    FloatVector y2 = FloatVector.fromArray(F, x, k + 160);
    FloatVector y3 = FloatVector.fromArray(F, x, k + 176);
    FloatVector y4 = FloatVector.fromArray(F, x, k + 192);
    FloatVector y5 = FloatVector.fromArray(F, x, k + 208);
    FloatVector y6 = FloatVector.fromArray(F, x, k + 224);
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
      IntVector fifth =
          IntVector.fromMemorySegment(I, w, row + HIGH_AT, LITTLE_ENDIAN).rearrange(TWICE);
      IntVector q = IntVector.fromMemorySegment(I, w, row + LOW_AT, LITTLE_ENDIAN);
      IntVector high = fifth.lanewise(LSHR, HIGH_SHIFT_0);
      IntVector codes = q.and(0x0F0F_0F0F).or(high.lanewise(LSHL, 4).and(0x1010_1010));
      FloatVector dot0 = ((FloatVector) codes.and(0x0000_001F).castShape(F, 0)).mul(x0);
      dot0 = ((FloatVector) codes.and(0x0000_1F00).castShape(F, 0)).fma(x1, dot0);
      dot0 = ((FloatVector) codes.and(0x001F_0000).castShape(F, 0)).fma(x2, dot0);
      dot0 = ((FloatVector) codes.and(0x1F00_0000).castShape(F, 0)).fma(x3, dot0);
      codes = q.lanewise(LSHR, 4).and(0x0F0F_0F0F).or(high.lanewise(LSHL, 3).and(0x1010_1010));
      FloatVector dot1 = ((FloatVector) codes.and(0x0000_001F).castShape(F, 0)).mul(x4);
      dot1 = ((FloatVector) codes.and(0x0000_1F00).castShape(F, 0)).fma(x5, dot1);
      dot1 = ((FloatVector) codes.and(0x001F_0000).castShape(F, 0)).fma(x6, dot1);
      dot1 = ((FloatVector) codes.and(0x1F00_0000).castShape(F, 0)).fma(x7, dot1);
      sum = dot0.fma(scales.rearrange(SixBitScales.LOW_0), sum);
      sum = dot1.fma(scales.rearrange(SixBitScales.HIGH_0), sum);
      q = IntVector.fromMemorySegment(I, w, row + LOW_AT + 64, LITTLE_ENDIAN);
      high = fifth.lanewise(LSHR, HIGH_SHIFT_1);
      codes = q.and(0x0F0F_0F0F).or(high.lanewise(LSHL, 4).and(0x1010_1010));
      dot0 = ((FloatVector) codes.and(0x0000_001F).castShape(F, 0)).mul(y0);
      dot0 = ((FloatVector) codes.and(0x0000_1F00).castShape(F, 0)).fma(y1, dot0);
      dot0 = ((FloatVector) codes.and(0x001F_0000).castShape(F, 0)).fma(y2, dot0);
      dot0 = ((FloatVector) codes.and(0x1F00_0000).castShape(F, 0)).fma(y3, dot0);
      codes = q.lanewise(LSHR, 4).and(0x0F0F_0F0F).or(high.lanewise(LSHL, 3).and(0x1010_1010));
      dot1 = ((FloatVector) codes.and(0x0000_001F).castShape(F, 0)).mul(y4);
      dot1 = ((FloatVector) codes.and(0x0000_1F00).castShape(F, 0)).fma(y5, dot1);
      dot1 = ((FloatVector) codes.and(0x001F_0000).castShape(F, 0)).fma(y6, dot1);
      dot1 = ((FloatVector) codes.and(0x1F00_0000).castShape(F, 0)).fma(y7, dot1);
      sum = dot0.fma(scales.rearrange(SixBitScales.LOW_1), sum);
      dot1.fma(scales.rearrange(SixBitScales.HIGH_1), sum).intoArray(sums, 16 * r);
    }
    s.touched += touched;
  }
}
