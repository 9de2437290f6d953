package dev.chaski.kernels.vector;

import static dev.chaski.kernels.vector.Lanes.F;
import static dev.chaski.kernels.vector.Lanes.FLOATS;
import static dev.chaski.kernels.vector.Lanes.I;
import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static jdk.incubator.vector.VectorOperators.LSHR;

import dev.chaski.kernels.quant.LittleEndian;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.function.IntUnaryOperator;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShuffle;

/**
 * Scales and minimums of super-blocks of {@code Q4_K} and {@code Q5_K} in tiles of rows, and what
 * else these formats have in common. A register holds the eight scales of a super-block, then its
 * eight minimums: the first 16 bytes as ints, each brought to the lanes that want bits of it (see
 * {@link dev.chaski.kernels.quant.PackedScales}).
 */
final class SixBitScales {
  private static final int GROUP = 32;
  private static final int GROUPS = 8;

  // Of four lanes at a time: scales 0 to 3, scales 4 to 7, minimums 0 to 3, minimums 4 to 7.
  private static final VectorShuffle<Integer> LOW_FROM = ints(1, 3, 2, 3);
  private static final VectorShuffle<Integer> HIGH_FROM = ints(1, 1, 2, 2);
  private static final IntVector LOW_SHIFT = lanes(i -> i % 4 * 8 + (i < 12 ? 0 : 4));
  private static final IntVector LOW_MASK = lanes(i -> i / 4 % 2 == 0 ? 0x3F : 0x0F);
  private static final IntVector HIGH_SHIFT = lanes(i -> i % 4 * 8 + 2);
  private static final IntVector HIGH_MASK = lanes(i -> i / 4 % 2 == 0 ? 0 : 0x30);

  private static final VectorMask<Float> ARE_MINS = VectorMask.fromLong(F, 0xFF00);

  // Of the eight scales, those of a half's low or high nibbles: 32 of them in eight lanes.
  static final VectorShuffle<Float> LOW_0 = VectorShuffle.fromOp(F, i -> i / 8 * 2);
  static final VectorShuffle<Float> HIGH_0 = VectorShuffle.fromOp(F, i -> i / 8 * 2 + 1);
  static final VectorShuffle<Float> LOW_1 = VectorShuffle.fromOp(F, i -> i / 8 * 2 + 4);
  static final VectorShuffle<Float> HIGH_1 = VectorShuffle.fromOp(F, i -> i / 8 * 2 + 5);

  private SixBitScales() {}

  private static VectorShuffle<Integer> ints(int... from) {
    return VectorShuffle.fromOp(I, i -> from[i / 4 % 4]);
  }

  private static IntVector lanes(IntUnaryOperator value) {
    int[] values = new int[FLOATS];
    Arrays.setAll(values, value);
    return IntVector.fromArray(I, values, 0);
  }

  /**
   * Where the values of a super-block are, in the order of the planes: of each half first the low
   * nibbles, then the high ones, of bytes 0 to 3 of all lanes.
   */
  static int[] places() {
    int[] places = new int[GROUPS * GROUP];
    for (int i = 0; i < places.length; i++) {
      int half = i / TileFormat.STRIP;
      int isHigh = i / 64 % 2;
      int at = i % FLOATS * 4 + i / FLOATS % 4; // the byte of the half
      places[i] = half * TileFormat.STRIP + at / GROUP * 64 + isHigh * GROUP + at % GROUP;
    }
    return places;
  }

  /** For each super-block eight zeros, then minus the sum of {@code x} over each group. */
  static void setSums(float[] x, int columns, float[] sums) {
    for (int group = 0; group < columns / GROUP; group++) {
      int at = group * GROUP;
      float sum0 = 0;
      float sum1 = 0;
      float sum2 = 0;
      float sum3 = 0;
      for (int i = 0; i < GROUP; i += 4) {
        sum0 += x[at + i];
        sum1 += x[at + i + 1];
        sum2 += x[at + i + 2];
        sum3 += x[at + i + 3];
      }
      int to = group / GROUPS * FLOATS + group % GROUPS;
      sums[to] = 0;
      sums[to + GROUPS] = -((sum0 + sum2) + (sum1 + sum3));
    }
  }

  /** Keeps what scales and minimums of a super-block of each row are multiplied by. */
  static void keepUnits(MemorySegment w, long at, long rowBytes, int rows, TileScratch s) {
    for (int r = 0; r < rows; r++) {
      s.halves[2 * r] = w.get(LittleEndian.SHORT, at + r * rowBytes);
      s.halves[2 * r + 1] = w.get(LittleEndian.SHORT, at + r * rowBytes + Short.BYTES);
    }
  }

  /**
   * The eight scales of a super-block, then its eight minimums.
   *
   * @param units what they are multiplied by, at {@code unitsAt} and after it
   */
  static FloatVector unpack(MemorySegment w, long at, float[] units, int unitsAt) {
    IntVector head = IntVector.fromMemorySegment(I, w, at, LITTLE_ENDIAN);
    IntVector codes =
        head.rearrange(LOW_FROM)
            .lanewise(LSHR, LOW_SHIFT)
            .and(LOW_MASK)
            .or(head.rearrange(HIGH_FROM).lanewise(LSHR, HIGH_SHIFT).and(HIGH_MASK));
    FloatVector each =
        FloatVector.broadcast(F, units[unitsAt])
            .blend(FloatVector.broadcast(F, units[unitsAt + 1]), ARE_MINS);
    return ((FloatVector) codes.castShape(F, 0)).mul(each);
  }
}
