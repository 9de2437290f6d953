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
import jdk.incubator.vector.ByteVector;
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

  /** Of a super-block, in each of three passes. */
  private static final int TOUCH_STEP = BLOCK_BYTES / 3;

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
    int share = rows / Tiles.PLACES * TOUCH_STEP;
    for (int block = 0; block < w.columns() / BLOCK_SIZE; block++, at += BLOCK_BYTES) {
      SixBitScales.unpack(
          w.data(), at, rowBytes, rows, x.sums, 16 * block, s, t, TOUCH_STEP, apart);
      int k = block * BLOCK_SIZE;
      dot(w.data(), at, 0, rowBytes, rows, x.planes, k, s, t + share, apart);
      dot(w.data(), at, 1, rowBytes, rows, x.planes, k + STRIP, s, t + 2L * share, apart);
      t += 3L * share;
    }
  }

  private static void dot(
      MemorySegment w,
      long at,
      int half,
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
    IntVector highShift = half == 0 ? HIGH_SHIFT_0 : HIGH_SHIFT_1;
    long lowAt = at + LOW_AT + 64L * half;
    long highAt = at + HIGH_AT;
    int scalesAt = 4 * half;
    float[] scales = s.scales;
    float[] sums = s.sums;
    long touched = 0;
    for (int r = 0; r < rows; r++) {
      touched += w.get(LittleEndian.LONG, touch + Tiles.turn(r, apart, TOUCH_STEP));
      IntVector q =
          ByteVector.fromMemorySegment(BytePlanes.BYTES, w, lowAt + r * rowBytes, LITTLE_ENDIAN)
              .reinterpretAsInts();
      IntVector high =
          IntVector.fromMemorySegment(I, w, highAt + r * rowBytes, LITTLE_ENDIAN)
              .rearrange(TWICE)
              .lanewise(LSHR, highShift);
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
      FloatVector four = FloatVector.fromArray(F, scales, 16 * r + scalesAt);
      FloatVector sum =
          dot0.fma(four.rearrange(SixBitScales.LOW), FloatVector.fromArray(F, sums, 16 * r));
      dot1.fma(four.rearrange(SixBitScales.HIGH), sum).intoArray(sums, 16 * r);
    }
    s.touched += touched;
  }
}
