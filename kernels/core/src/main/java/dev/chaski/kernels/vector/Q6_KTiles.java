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
import jdk.incubator.vector.VectorSpecies;

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

  /** Of a super-block, in each of three passes. */
  private static final int TOUCH_STEP = BLOCK_BYTES / 3;

  private static final VectorSpecies<Integer> HALF_INTS = IntVector.SPECIES_256;
  private static final VectorShuffle<Integer> TWICE = VectorShuffle.fromOp(I, i -> i % 8);
  private static final IntVector HIGH_SHIFT = shifts();

  // Of the eight scales of half a super-block, those of the lanes: each is of 16 values, in four.
  private static final VectorShuffle<Float> SCALES_0 = VectorShuffle.fromOp(F, i -> i / 4);
  private static final VectorShuffle<Float> SCALES_1 = VectorShuffle.fromOp(F, i -> i / 4 + 4);

  private final int[] places = new int[BLOCK_SIZE];
  private final float[] factors = new float[BLOCK_SIZE];

  Q6_KTiles() {
    for (int i = 0; i < BLOCK_SIZE; i++) {
      int plane = i / 16 % 4;
      places[i] = i / 64 * 64 + i % 16 * 4 + plane;
      factors[i] = 1f / (1 << (8 * plane));
    }
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
    int share = rows / Tiles.PLACES * TOUCH_STEP;
    for (int block = 0; block < w.columns() / BLOCK_SIZE; block++, at += BLOCK_BYTES) {
      unpackScales(w.data(), at, rowBytes, rows, s, t, apart);
      int k = block * BLOCK_SIZE;
      long high = at + HIGH_AT;
      dot(w.data(), at, high, rowBytes, rows, x, k, s, 0, t + share, apart);
      dot(w.data(), at + 64, high + 32, rowBytes, rows, x, k + STRIP, s, 8, t + 2L * share, apart);
      t += 3L * share;
    }
  }

  private static void unpackScales(
      MemorySegment w, long at, long rowBytes, int rows, TileScratch s, long touch, long apart) {
    float[] scales = s.scales;
    long touched = 0;
    for (int r = 0; r < rows; r++) {
      touched += w.get(LittleEndian.LONG, touch + Tiles.turn(r, apart, TOUCH_STEP));
      float unit = LittleEndian.half(w, at + r * rowBytes + UNIT_AT);
      FloatVector values =
          ((FloatVector)
                  ByteVector.fromMemorySegment(
                          PackedBytes.HALF, w, at + r * rowBytes + SCALES_AT, LITTLE_ENDIAN)
                      .castShape(F, 0))
              .mul(unit);
      values.intoArray(scales, 16 * r);
    }
    s.touched += touched;
  }

  private static void dot(
      MemorySegment w,
      long lowAt,
      long highAt,
      long rowBytes,
      int rows,
      TileInput x,
      int k,
      TileScratch s,
      int scalesAt,
      long touch,
      long apart) {
    FloatVector x0 = FloatVector.fromArray(F, x.planes, k);
    FloatVector x1 = FloatVector.fromArray(F, x.planes, k + 16);
    FloatVector x2 = FloatVector.fromArray(F, x.planes, k + 32);
    FloatVector x3 = FloatVector.fromArray(F, x.planes, k + 48);
    FloatVector x4 = FloatVector.fromArray(F, x.planes, k + 64);
    FloatVector x5 = FloatVector.fromArray(F, x.planes, k + 80);
    FloatVector x6 = FloatVector.fromArray(F, x.planes, k + 96);
    FloatVector x7 = FloatVector.fromArray(F, x.planes, k + 112);
    FloatVector start0 = FloatVector.fromArray(F, x.sums, k / 4);
    FloatVector start1 = FloatVector.fromArray(F, x.sums, k / 4 + 16);
    float[] scales = s.scales;
    float[] sums = s.sums;
    long touched = 0;
    for (int r = 0; r < rows; r++) {
      touched += w.get(LittleEndian.LONG, touch + Tiles.turn(r, apart, TOUCH_STEP));
      IntVector q =
          ByteVector.fromMemorySegment(BytePlanes.BYTES, w, lowAt + r * rowBytes, LITTLE_ENDIAN)
              .reinterpretAsInts();
      IntVector high =
          ((IntVector)
                  IntVector.fromMemorySegment(HALF_INTS, w, highAt + r * rowBytes, LITTLE_ENDIAN)
                      .reinterpretShape(I, 0))
              .rearrange(TWICE)
              .lanewise(LSHR, HIGH_SHIFT);
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
      FloatVector eight = FloatVector.fromArray(F, scales, 16 * r + scalesAt);
      FloatVector sum = dot0.fma(eight.rearrange(SCALES_0), FloatVector.fromArray(F, sums, 16 * r));
      dot1.fma(eight.rearrange(SCALES_1), sum).intoArray(sums, 16 * r);
    }
    s.touched += touched;
  }
}
