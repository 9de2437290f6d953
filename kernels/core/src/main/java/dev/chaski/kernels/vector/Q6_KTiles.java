package dev.chaski.kernels.vector;

import static dev.chaski.kernels.quant.Q6_KDecoder.BLOCK_BYTES;
import static dev.chaski.kernels.quant.Q6_KDecoder.BLOCK_SIZE;
import static dev.chaski.kernels.vector.Lanes.F;
import static dev.chaski.kernels.vector.Lanes.I;
import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LSHR;

import dev.chaski.kernels.cpu.CpuWeight;
import dev.chaski.kernels.quant.LittleEndian;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorShuffle;

/**
 * Tiles of {@code Q6_K}; the layout is drawn at {@link dev.chaski.kernels.quant.Q6_KDecoder}. The
 * nibbles of half a super-block are 16 ints, and what belongs to a nibble in the other field is
 * brought to the same lane. Codes are multiplied as they are stored, without a sign: sums of
 * products start with what that is too much.
 */
final class Q6_KTiles implements TileFormat {
  private static final int HIGH_AT = 128;
  private static final int SCALES_AT = 192;
  private static final int UNIT_AT = 208;
  private static final int CENTRE = 32;

  private static final long TOUCH_STEP = BLOCK_BYTES / Tiles.PLACES;

  // The ints of a half's upper bits, for its nibbles.
  private static final VectorShuffle<Integer> TWICE_0 = VectorShuffle.fromOp(I, i -> i % 8);
  private static final VectorShuffle<Integer> TWICE_1 = VectorShuffle.fromOp(I, i -> i % 8 + 8);
  private static final IntVector HIGH_SHIFT = shifts();

  // Of the sixteen scales, those of the lanes of a half's low or high nibbles: each is of 16
  // values, in four lanes.
  private static final VectorShuffle<Float> SCALES_0 = scales(0);
  private static final VectorShuffle<Float> SCALES_1 = scales(4);
  private static final VectorShuffle<Float> SCALES_2 = scales(8);
  private static final VectorShuffle<Float> SCALES_3 = scales(12);

  private final int[] places = new int[BLOCK_SIZE];
  private final float[] factors = new float[BLOCK_SIZE];

  Q6_KTiles() {
    for (int i = 0; i < BLOCK_SIZE; i++) {
      int plane = i / 16 % 4;
      places[i] = i / 64 * 64 + i % 16 * 4 + plane;
      factors[i] = 1f / (1 << (8 * plane));
    }
  }

  private static VectorShuffle<Float> scales(int first) {
    return VectorShuffle.fromOp(F, i -> first + i / 4);
  }

  private static IntVector shifts() {
    int[] shifts = new int[16];
    Arrays.fill(shifts, 8, 16, 2);
    return IntVector.fromArray(I, shifts, 0);
  }

  @Override
  public boolean fits(CpuWeight w) {
    return w.scale().isEmpty();
  }

  @Override
  public void prepare(float[] x, int columns, TileInput to) {
    to.setPlanes(x, columns, places, factors);
    for (int lane = 0; lane < columns / 4; lane++) {
      int at = 4 * lane; // the four values that meet in this lane
      to.sums[lane] = -CENTRE * ((x[at] + x[at + 1]) + (x[at + 2] + x[at + 3]));
    }
  }

  @Override
  public void multiply(CpuWeight w, int first, int rows, TileInput x, TileScratch s, long touch) {
    long rowBytes = w.rowBytes();
    long at = first * rowBytes;
    long t = touch;
    long apart = rows * rowBytes / Tiles.PLACES;
    int blocks = w.columns() / BLOCK_SIZE;
    for (int r = 0; r < rows; r++) {
      s.halves[r] = w.data().get(LittleEndian.SHORT, at + r * rowBytes + UNIT_AT);
    }
    for (int block = 0; block < blocks; block++) {
      // At the last block, the same units once more.
      int ahead = block + 1 < blocks ? BLOCK_BYTES : 0;
      Lanes.toFloats(s.halves, rows, s.scales);
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
    FloatVector start0 = FloatVector.fromArray(F, in.sums, k / 4);
    FloatVector start1 = FloatVector.fromArray(F, in.sums, k / 4 + 16);
    FloatVector start2 = FloatVector.fromArray(F, in.sums, k / 4 + 32);
    FloatVector start3 = FloatVector.fromArray(F, in.sums, k / 4 + 48);
    float[] units = s.scales;
    float[] sums = s.sums;
    short[] halves = s.halves;
    long touched = 0;
    for (int r = 0; r < rows; r++) {
      touched += Tiles.touch(w, touch + r * TOUCH_STEP, apart);
      long row = at + r * rowBytes;
      halves[r] = w.get(LittleEndian.SHORT, row + ahead + UNIT_AT);
      FloatVector scales =
          ((FloatVector)
                  ByteVector.fromMemorySegment(PackedBytes.HALF, w, row + SCALES_AT, LITTLE_ENDIAN)
                      .castShape(F, 0))
              .mul(units[r]);
      FloatVector sum = FloatVector.fromArray(F, sums, 16 * r);
      IntVector top = IntVector.fromMemorySegment(I, w, row + HIGH_AT, LITTLE_ENDIAN);
      IntVector q = IntVector.fromMemorySegment(I, w, row, LITTLE_ENDIAN);
      IntVector high = top.rearrange(TWICE_0).lanewise(LSHR, HIGH_SHIFT);
      IntVector codes = q.and(0x0F0F_0F0F).or(high.lanewise(LSHL, 4).and(0x3030_3030));
      FloatVector dot0 = ((FloatVector) codes.and(0x0000_003F).castShape(F, 0)).fma(x0, start0);
      dot0 = ((FloatVector) codes.and(0x0000_3F00).castShape(F, 0)).fma(x1, dot0);
      dot0 = ((FloatVector) codes.and(0x003F_0000).castShape(F, 0)).fma(x2, dot0);
      dot0 = ((FloatVector) codes.and(0x3F00_0000).castShape(F, 0)).fma(x3, dot0);
      codes = q.lanewise(LSHR, 4).and(0x0F0F_0F0F).or(high.and(0x3030_3030));
      FloatVector dot1 = ((FloatVector) codes.and(0x0000_003F).castShape(F, 0)).fma(x4, start1);
      dot1 = ((FloatVector) codes.and(0x0000_3F00).castShape(F, 0)).fma(x5, dot1);
      dot1 = ((FloatVector) codes.and(0x003F_0000).castShape(F, 0)).fma(x6, dot1);
      dot1 = ((FloatVector) codes.and(0x3F00_0000).castShape(F, 0)).fma(x7, dot1);
      sum = dot0.fma(scales.rearrange(SCALES_0), sum);
      sum = dot1.fma(scales.rearrange(SCALES_1), sum);
      q = IntVector.fromMemorySegment(I, w, row + 64, LITTLE_ENDIAN);
      high = top.rearrange(TWICE_1).lanewise(LSHR, HIGH_SHIFT);
      codes = q.and(0x0F0F_0F0F).or(high.lanewise(LSHL, 4).and(0x3030_3030));
      dot0 = ((FloatVector) codes.and(0x0000_003F).castShape(F, 0)).fma(y0, start2);
      dot0 = ((FloatVector) codes.and(0x0000_3F00).castShape(F, 0)).fma(y1, dot0);
      dot0 = ((FloatVector) codes.and(0x003F_0000).castShape(F, 0)).fma(y2, dot0);
      dot0 = ((FloatVector) codes.and(0x3F00_0000).castShape(F, 0)).fma(y3, dot0);
      codes = q.lanewise(LSHR, 4).and(0x0F0F_0F0F).or(high.and(0x3030_3030));
      dot1 = ((FloatVector) codes.and(0x0000_003F).castShape(F, 0)).fma(y4, start3);
      dot1 = ((FloatVector) codes.and(0x0000_3F00).castShape(F, 0)).fma(y5, dot1);
      dot1 = ((FloatVector) codes.and(0x003F_0000).castShape(F, 0)).fma(y6, dot1);
      dot1 = ((FloatVector) codes.and(0x3F00_0000).castShape(F, 0)).fma(y7, dot1);
      sum = dot0.fma(scales.rearrange(SCALES_2), sum);
      dot1.fma(scales.rearrange(SCALES_3), sum).intoArray(sums, 16 * r);
    }
    s.touched += touched;
  }
}
