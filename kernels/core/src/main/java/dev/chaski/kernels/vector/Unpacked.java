package dev.chaski.kernels.vector;

import static dev.chaski.kernels.vector.Lanes.B;
import static dev.chaski.kernels.vector.Lanes.BYTES;
import static dev.chaski.kernels.vector.Lanes.BYTE_PARTS;
import static dev.chaski.kernels.vector.Lanes.F;
import static dev.chaski.kernels.vector.Lanes.FLOATS;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;

/**
 * A stretch of quantised weights taken apart, small enough for the first-level cache: {@code
 * value[i] = scales[g] * codes[i] - mins[g]} with the group {@code g} of {@code i}. Scratch of one
 * thread.
 */
final class Unpacked {
  /** Weights in one stretch. */
  static final int VALUES = 8192;

  /** Little-endian access to byte arrays, eight bytes at a time. */
  static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  /** The same, four bytes at a time. */
  static final VarHandle INTS =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

  private static final int SMALLEST_GROUP = 16;

  private static final long LOWEST_OF_BYTES = 0x0101_0101_0101_0101L;
  private static final long HIGHEST_OF_BYTES = 0x8080_8080_8080_8080L;
  private static final long LOW_SEVEN = 0x7F7F_7F7F_7F7F_7F7FL;
  private static final long BIT_OF_BYTE = 0x8040_2010_0804_0201L;
  private static final int LOW_SIX = 0x3F3F_3F3F;
  private static final int LOW_FOUR = 0x0F0F_0F0F;
  private static final int BITS_4_5 = 0x3030_3030;

  // Loops write whole vectors, up to 64 elements past the end.
  private static final int GROUPS = VALUES / SMALLEST_GROUP + 64;

  /** The weights as signed bytes, in their order. */
  final byte[] codes = new byte[VALUES];

  /** One factor for each group. */
  final float[] scales = new float[GROUPS];

  /** What to subtract in each group; unused by formats without minimums. */
  final float[] mins = new float[GROUPS];

  /** Where formats gather the F16 scales of blocks or super-blocks. */
  final short[] halves = new short[GROUPS];

  /** Where formats gather the F16 scales of minimums. */
  final short[] minHalves = new short[GROUPS];

  /** Where formats with super-blocks gather their groups' scales, as signed bytes. */
  final byte[] scaleCodes = new byte[GROUPS];

  /** The same for minimums. */
  final byte[] minCodes = new byte[GROUPS];

  /** Minus the sum of {@code x} over each group of a row. */
  float[] negatedSums = new float[0];

  /** Sums of products of rows, one vector each. */
  final float[] rowSums = new float[VALUES / SMALLEST_GROUP * FLOATS];

  /**
   * Where loads end whose only purpose is to have memory in the cache when its turn comes:
   * processors fetch ahead by themselves, but not far enough to hide the memory behind the
   * arithmetic. Nobody reads it, but the compiler does not know.
   */
  long touched;

  private final float[] units = new float[GROUPS];
  private final float[] groupUnits = new float[GROUPS];

  /** Bytes minus bytes, without borrows between them; none of {@code fewer} above 127. */
  static long subtractBytes(long bytes, long fewer) {
    return ((bytes | HIGHEST_OF_BYTES) - fewer) ^ (~bytes & HIGHEST_OF_BYTES);
  }

  /**
   * Eight codes: coordinates, none of them 0, negated where a bit is set.
   *
   * @param signs bit {@code i} for code {@code i}
   */
  void setSigned(int at, long coordinates, int signs) {
    long bits = (signs * LOWEST_OF_BYTES) & BIT_OF_BYTE;
    long negative = ((bits + LOW_SEVEN) | bits) & HIGHEST_OF_BYTES;
    long ones = negative >>> 7;
    LONGS.set(codes, at, (coordinates ^ (ones * 0xFF)) + ones);
  }

  /** Eight codes: coordinates times eight, plus one or minus one. */
  void setShifted(int at, long coordinates, boolean down) {
    long eighths = (coordinates << 3) & ~(7 * LOWEST_OF_BYTES);
    LONGS.set(
        codes, at, down ? subtractBytes(eighths, LOWEST_OF_BYTES) : eighths | LOWEST_OF_BYTES);
  }

  /**
   * Scales and minimums of a super-block of {@code Q4_K} or {@code Q5_K}, from their 12 bytes (see
   * {@link dev.chaski.kernels.quant.PackedScales}).
   *
   * @param first the first four
   * @param last the last eight
   */
  void setSixBitScales(int block, int first, long last) {
    int middle = (int) last;
    int fours = (int) (last >>> 32);
    LONGS.set(
        scaleCodes,
        8 * block,
        sixBits(first & LOW_SIX, (fours & LOW_FOUR) | ((first >>> 2) & BITS_4_5)));
    LONGS.set(
        minCodes,
        8 * block,
        sixBits(middle & LOW_SIX, ((fours >>> 4) & LOW_FOUR) | ((middle >>> 2) & BITS_4_5)));
  }

  private static long sixBits(int firstFour, int lastFour) {
    return firstFour | ((long) lastFour << 32);
  }

  /** Makes room for the sums of so many groups. */
  void reserveSums(int groups) {
    if (negatedSums.length < groups) {
      negatedSums = new float[groups];
    }
  }

  /** {@code scales} are the {@code halves} themselves, the F16 scales of blocks of one group. */
  void scalesFromHalves(int blocks) {
    Lanes.toFloats(halves, blocks, scales);
  }

  /** {@code mins} are the {@code minHalves}, negated: the format adds its minimum. */
  void minsFromNegatedHalves(int blocks) {
    Lanes.toFloats(minHalves, blocks, mins);
    for (int b = 0; b < blocks; b++) {
      mins[b] = -mins[b];
    }
  }

  /** {@code scales} are {@code scaleCodes} times the F16 scale of their super-block. */
  void scalesFromCodes(int blocks, int groupsPerBlock) {
    multiply(scaleCodes, halves, blocks, groupsPerBlock, scales);
  }

  /** {@code mins} are {@code minCodes} times the F16 scale of their super-block. */
  void minsFromCodes(int blocks, int groupsPerBlock) {
    multiply(minCodes, minHalves, blocks, groupsPerBlock, mins);
  }

  private void multiply(
      byte[] factors, short[] blockHalves, int blocks, int groupsPerBlock, float[] to) {
    Lanes.toFloats(blockHalves, blocks, units);
    for (int b = 0; b < blocks; b++) {
      for (int g = 0; g < groupsPerBlock; g += FLOATS) {
        // What this writes past the block, the next block writes again.
        FloatVector.broadcast(F, units[b]).intoArray(groupUnits, b * groupsPerBlock + g);
      }
    }
    for (int g = 0; g < blocks * groupsPerBlock; g += BYTES) {
      ByteVector codeVector = ByteVector.fromArray(B, factors, g);
      for (int part = 0; part < BYTE_PARTS; part++) {
        int at = g + part * FLOATS;
        ((FloatVector) codeVector.castShape(F, part))
            .mul(FloatVector.fromArray(F, groupUnits, at))
            .intoArray(to, at);
      }
    }
  }
}
