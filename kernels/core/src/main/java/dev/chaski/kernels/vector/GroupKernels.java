package dev.chaski.kernels.vector;

import static dev.chaski.kernels.vector.Lanes.B;
import static dev.chaski.kernels.vector.Lanes.BYTES;
import static dev.chaski.kernels.vector.Lanes.BYTE_PARTS;
import static dev.chaski.kernels.vector.Lanes.F;
import static dev.chaski.kernels.vector.Lanes.FLOATS;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorShuffle;

/**
 * Loops over {@link Unpacked} weights. The rows of a stretch lie behind each other, and one loop
 * goes over all of them: rows are often too short for the compiler's set-up of a loop of their own.
 */
final class GroupKernels {
  private static final int SMALL = 16;
  private static final int LARGE = 32;

  /** Weights between two touches of memory that is needed soon. */
  static final int VALUES_PER_TOUCH = 64;

  private static final VectorShuffle<Float> BY_8 = VectorShuffle.iota(F, 8 % FLOATS, 1, true);
  private static final VectorShuffle<Float> BY_4 = VectorShuffle.iota(F, 4 % FLOATS, 1, true);
  private static final VectorShuffle<Float> BY_2 = VectorShuffle.iota(F, 2, 1, true);
  private static final VectorShuffle<Float> BY_1 = VectorShuffle.iota(F, 1, 1, true);

  private GroupKernels() {}

  /**
   * Adds to the row sums the products with {@code x} of weights in groups of 32.
   *
   * @param groups of all rows; an odd number only if it is one row
   * @param columns of each row
   * @param w read, one byte for each {@link #VALUES_PER_TOUCH} weights, only to have it in the
   *     cache later
   * @param touchAt where to start that
   * @param touchStep bytes from one to the next
   */
  static void dot32(
      Unpacked u,
      int groups,
      float[] x,
      int xStart,
      int columns,
      MemorySegment w,
      long touchAt,
      int touchStep) {
    byte[] codes = u.codes;
    float[] scales = u.scales;
    float[] sums = u.rowSums;
    int sumAt = 0;
    int xAt = xStart;
    FloatVector sum0 = FloatVector.fromArray(F, sums, 0);
    FloatVector sum1 = FloatVector.zero(F);
    long touched = 0;
    int g = 0;
    for (; g + 1 < groups; g += 2) {
      touched += w.get(ValueLayout.JAVA_BYTE, touchAt + (long) (g >> 1) * touchStep);
      FloatVector dot0 = FloatVector.zero(F);
      FloatVector dot1 = FloatVector.zero(F);
      for (int i = 0; i < LARGE; i += BYTES) {
        ByteVector q0 = ByteVector.fromArray(B, codes, g * LARGE + i);
        ByteVector q1 = ByteVector.fromArray(B, codes, (g + 1) * LARGE + i);
        for (int part = 0; part < BYTE_PARTS; part++) {
          int at = xAt + i + part * FLOATS;
          dot0 = ((FloatVector) q0.castShape(F, part)).fma(FloatVector.fromArray(F, x, at), dot0);
          dot1 =
              ((FloatVector) q1.castShape(F, part))
                  .fma(FloatVector.fromArray(F, x, at + LARGE), dot1);
        }
      }
      sum0 = dot0.fma(FloatVector.broadcast(F, scales[g]), sum0);
      sum1 = dot1.fma(FloatVector.broadcast(F, scales[g + 1]), sum1);
      xAt += 2 * LARGE;
      if (xAt == xStart + columns) {
        sum0.add(sum1).intoArray(sums, sumAt);
        sumAt += FLOATS;
        sum0 = FloatVector.fromArray(F, sums, sumAt);
        sum1 = FloatVector.zero(F);
        xAt = xStart;
      }
    }
    if (g < groups) {
      FloatVector dot = FloatVector.zero(F);
      for (int i = 0; i < LARGE; i += BYTES) {
        ByteVector q = ByteVector.fromArray(B, codes, g * LARGE + i);
        for (int part = 0; part < BYTE_PARTS; part++) {
          dot =
              ((FloatVector) q.castShape(F, part))
                  .fma(FloatVector.fromArray(F, x, xAt + i + part * FLOATS), dot);
        }
      }
      dot.fma(FloatVector.broadcast(F, scales[g]), sum0.add(sum1)).intoArray(sums, sumAt);
    }
    u.touched += touched;
  }

  /** The same for groups of 16, of which there is a multiple of four in each row. */
  static void dot16(
      Unpacked u,
      int groups,
      float[] x,
      int xStart,
      int columns,
      MemorySegment w,
      long touchAt,
      int touchStep) {
    byte[] codes = u.codes;
    float[] scales = u.scales;
    float[] sums = u.rowSums;
    int sumAt = 0;
    int xAt = xStart;
    FloatVector sum0 = FloatVector.fromArray(F, sums, 0);
    FloatVector sum1 = FloatVector.zero(F);
    long touched = 0;
    for (int g = 0; g < groups; g += 4) {
      touched += w.get(ValueLayout.JAVA_BYTE, touchAt + (long) (g >> 2) * touchStep);
      FloatVector dot0 = FloatVector.zero(F);
      FloatVector dot1 = FloatVector.zero(F);
      FloatVector dot2 = FloatVector.zero(F);
      FloatVector dot3 = FloatVector.zero(F);
      for (int i = 0; i < SMALL; i += BYTES) {
        ByteVector q0 = ByteVector.fromArray(B, codes, g * SMALL + i);
        ByteVector q1 = ByteVector.fromArray(B, codes, (g + 1) * SMALL + i);
        ByteVector q2 = ByteVector.fromArray(B, codes, (g + 2) * SMALL + i);
        ByteVector q3 = ByteVector.fromArray(B, codes, (g + 3) * SMALL + i);
        for (int part = 0; part < BYTE_PARTS; part++) {
          int at = xAt + i + part * FLOATS;
          dot0 = ((FloatVector) q0.castShape(F, part)).fma(FloatVector.fromArray(F, x, at), dot0);
          dot1 =
              ((FloatVector) q1.castShape(F, part))
                  .fma(FloatVector.fromArray(F, x, at + SMALL), dot1);
          dot2 =
              ((FloatVector) q2.castShape(F, part))
                  .fma(FloatVector.fromArray(F, x, at + 2 * SMALL), dot2);
          dot3 =
              ((FloatVector) q3.castShape(F, part))
                  .fma(FloatVector.fromArray(F, x, at + 3 * SMALL), dot3);
        }
      }
      sum0 = dot0.fma(FloatVector.broadcast(F, scales[g]), sum0);
      sum1 = dot1.fma(FloatVector.broadcast(F, scales[g + 1]), sum1);
      sum0 = dot2.fma(FloatVector.broadcast(F, scales[g + 2]), sum0);
      sum1 = dot3.fma(FloatVector.broadcast(F, scales[g + 3]), sum1);
      xAt += 4 * SMALL;
      if (xAt == xStart + columns) {
        sum0.add(sum1).intoArray(sums, sumAt);
        sumAt += FLOATS;
        sum0 = FloatVector.fromArray(F, sums, sumAt);
        sum1 = FloatVector.zero(F);
        xAt = xStart;
      }
    }
    u.touched += touched;
  }

  /** {@code u.negatedSums[g] = -Σ x} over the values of group {@code g}. */
  static void negatedSums(Unpacked u, float[] x, int xOffset, int columns, int groupSize) {
    u.reserveSums(columns / groupSize);
    for (int g = 0; g < columns / groupSize; g++) {
      FloatVector sum = FloatVector.fromArray(F, x, xOffset + g * groupSize);
      for (int i = FLOATS; i < groupSize; i += FLOATS) {
        sum = sum.add(FloatVector.fromArray(F, x, xOffset + g * groupSize + i));
      }
      if (FLOATS >= 16) {
        sum = sum.add(sum.rearrange(BY_8));
      }
      if (FLOATS >= 8) {
        sum = sum.add(sum.rearrange(BY_4));
      }
      sum = sum.add(sum.rearrange(BY_2));
      u.negatedSums[g] = -sum.add(sum.rearrange(BY_1)).lane(0);
    }
  }

  /**
   * Adds to the row sums what the minimums of the groups contribute.
   *
   * @param groups of each row
   * @param firstGroup the group of the row that comes first here
   */
  static void addMins(Unpacked u, int rows, int groups, int firstGroup) {
    float[] mins = u.mins;
    float[] negatedSums = u.negatedSums;
    for (int row = 0; row < rows; row++) {
      int at = row * groups;
      FloatVector sum = FloatVector.fromArray(F, u.rowSums, row * FLOATS);
      int g = 0;
      for (; g + FLOATS <= groups; g += FLOATS) {
        sum =
            FloatVector.fromArray(F, mins, at + g)
                .fma(FloatVector.fromArray(F, negatedSums, firstGroup + g), sum);
      }
      sum.intoArray(u.rowSums, row * FLOATS);
      float tail = 0;
      for (; g < groups; g++) {
        tail = Math.fma(mins[at + g], negatedSums[firstGroup + g], tail);
      }
      u.rowSums[row * FLOATS] += tail;
    }
  }

  /** Stores the row sums, each the sum of its lanes in a fixed order. */
  static void storeRows(Unpacked u, int rows, float[] out, int outOffset, boolean add) {
    for (int row = 0; row < rows; row++) {
      FloatVector sum = FloatVector.fromArray(F, u.rowSums, row * FLOATS);
      if (FLOATS >= 16) {
        sum = sum.add(sum.rearrange(BY_8));
      }
      if (FLOATS >= 8) {
        sum = sum.add(sum.rearrange(BY_4));
      }
      sum = sum.add(sum.rearrange(BY_2));
      VectorFormat.store(out, outOffset + row, sum.add(sum.rearrange(BY_1)).lane(0), add);
    }
  }

  /** Writes the values as floats. */
  static void decode(Unpacked u, int count, int groupSize, boolean hasMins, float[] dst, int to) {
    for (int i = 0; i < count; i += BYTES) {
      int g = i / groupSize;
      ByteVector q = ByteVector.fromArray(B, u.codes, i);
      for (int part = 0; part < BYTE_PARTS; part++) {
        FloatVector value = ((FloatVector) q.castShape(F, part)).mul(u.scales[g]);
        if (hasMins) {
          value = value.sub(u.mins[g]);
        }
        value.intoArray(dst, to + i + part * FLOATS);
      }
    }
  }
}
