package dev.chaski.kernels.vector;

import static dev.chaski.kernels.vector.Lanes.B;
import static dev.chaski.kernels.vector.Lanes.BYTES;
import static dev.chaski.kernels.vector.Lanes.BYTE_PARTS;
import static dev.chaski.kernels.vector.Lanes.F;
import static dev.chaski.kernels.vector.Lanes.FLOATS;

import dev.chaski.kernels.quant.LittleEndian;
import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;

/** Loops over {@link Unpacked} weights. The rows of a stretch lie behind each other. */
final class GroupKernels {
  private static final int SMALL = 16;
  private static final int LARGE = 32;

  /** Weights between two touches of memory that is needed soon. */
  static final int VALUES_PER_TOUCH = 64;

  private GroupKernels() {}

  /**
   * Adds the products of {@code x} and one row, in groups of 32, to the sum of the row. At 512 bits
   * a group is two vectors, and the loop over them is written out: the compiler would check indices
   * before each such loop.
   *
   * @param row which of the rows of this stretch
   * @param groups of each row
   * @param w memory to touch, see {@link Unpacked#touched}
   * @param touchAt where to touch first
   * @param step from there to the next place, for each {@link #VALUES_PER_TOUCH} weights
   */
  static void dot32(
      Unpacked u,
      int row,
      int groups,
      float[] x,
      int xAt,
      MemorySegment w,
      long touchAt,
      int step) {
    long touch = touchAt;
    long touched = 0;
    byte[] codes = u.codes;
    float[] scales = u.scales;
    int first = row * groups;
    int code = first * LARGE;
    FloatVector sum0 = FloatVector.fromArray(F, u.rowSums, row * FLOATS);
    FloatVector sum1 = FloatVector.zero(F);
    int g = 0;
    if (2 * BYTES == LARGE) {
      for (; g < groups - 1; g += 2) {
        touched += w.get(LittleEndian.LONG, touch);
        touch += step;
        FloatVector dot0 =
            ((FloatVector) ByteVector.fromArray(B, codes, code + g * LARGE).castShape(F, 0))
                .mul(FloatVector.fromArray(F, x, xAt + g * LARGE));
        dot0 =
            ((FloatVector) ByteVector.fromArray(B, codes, code + g * LARGE + 16).castShape(F, 0))
                .fma(FloatVector.fromArray(F, x, xAt + g * LARGE + 16), dot0);
        sum0 = dot0.fma(FloatVector.broadcast(F, scales[first + g]), sum0);
        FloatVector dot1 =
            ((FloatVector) ByteVector.fromArray(B, codes, code + g * LARGE + 32).castShape(F, 0))
                .mul(FloatVector.fromArray(F, x, xAt + g * LARGE + 32));
        dot1 =
            ((FloatVector) ByteVector.fromArray(B, codes, code + g * LARGE + 48).castShape(F, 0))
                .fma(FloatVector.fromArray(F, x, xAt + g * LARGE + 48), dot1);
        sum1 = dot1.fma(FloatVector.broadcast(F, scales[first + g + 1]), sum1);
      }
    }
    for (; g < groups; g++) {
      FloatVector dot = FloatVector.zero(F);
      for (int i = 0; i < LARGE; i += BYTES) {
        ByteVector q = ByteVector.fromArray(B, codes, code + g * LARGE + i);
        for (int part = 0; part < BYTE_PARTS; part++) {
          dot =
              ((FloatVector) q.castShape(F, part))
                  .fma(FloatVector.fromArray(F, x, xAt + g * LARGE + i + part * FLOATS), dot);
        }
      }
      sum0 = dot.fma(FloatVector.broadcast(F, scales[first + g]), sum0);
    }
    u.touched += touched;
    sum0.add(sum1).intoArray(u.rowSums, row * FLOATS);
  }

  /** The same for groups of 16, of which there is a multiple of four in each row. */
  static void dot16(
      Unpacked u,
      int row,
      int groups,
      float[] x,
      int xAt,
      MemorySegment w,
      long touchAt,
      int step) {
    long touch = touchAt;
    long touched = 0;
    byte[] codes = u.codes;
    float[] scales = u.scales;
    int first = row * groups;
    int code = first * SMALL;
    FloatVector sum0 = FloatVector.fromArray(F, u.rowSums, row * FLOATS);
    FloatVector sum1 = FloatVector.zero(F);
    int g = 0;
    if (BYTES == SMALL) {
      for (; g < groups; g += 4) {
        touched += w.get(LittleEndian.LONG, touch);
        touch += step;
        sum0 =
            ((FloatVector) ByteVector.fromArray(B, codes, code + g * SMALL).castShape(F, 0))
                .mul(FloatVector.fromArray(F, x, xAt + g * SMALL))
                .fma(FloatVector.broadcast(F, scales[first + g]), sum0);
        sum1 =
            ((FloatVector) ByteVector.fromArray(B, codes, code + g * SMALL + 16).castShape(F, 0))
                .mul(FloatVector.fromArray(F, x, xAt + g * SMALL + 16))
                .fma(FloatVector.broadcast(F, scales[first + g + 1]), sum1);
        sum0 =
            ((FloatVector) ByteVector.fromArray(B, codes, code + g * SMALL + 32).castShape(F, 0))
                .mul(FloatVector.fromArray(F, x, xAt + g * SMALL + 32))
                .fma(FloatVector.broadcast(F, scales[first + g + 2]), sum0);
        sum1 =
            ((FloatVector) ByteVector.fromArray(B, codes, code + g * SMALL + 48).castShape(F, 0))
                .mul(FloatVector.fromArray(F, x, xAt + g * SMALL + 48))
                .fma(FloatVector.broadcast(F, scales[first + g + 3]), sum1);
      }
    }
    for (; g < groups; g += 2) {
      FloatVector dot0 = FloatVector.zero(F);
      FloatVector dot1 = FloatVector.zero(F);
      for (int i = 0; i < SMALL; i += BYTES) {
        ByteVector q0 = ByteVector.fromArray(B, codes, code + g * SMALL + i);
        ByteVector q1 = ByteVector.fromArray(B, codes, code + (g + 1) * SMALL + i);
        for (int part = 0; part < BYTE_PARTS; part++) {
          int at = xAt + g * SMALL + i + part * FLOATS;
          dot0 = ((FloatVector) q0.castShape(F, part)).fma(FloatVector.fromArray(F, x, at), dot0);
          dot1 =
              ((FloatVector) q1.castShape(F, part))
                  .fma(FloatVector.fromArray(F, x, at + SMALL), dot1);
        }
      }
      sum0 = dot0.fma(FloatVector.broadcast(F, scales[first + g]), sum0);
      sum1 = dot1.fma(FloatVector.broadcast(F, scales[first + g + 1]), sum1);
    }
    u.touched += touched;
    sum0.add(sum1).intoArray(u.rowSums, row * FLOATS);
  }

  /** {@code u.negatedSums[g] = -Σ x} over the values of group {@code g}. */
  static void negatedSums(Unpacked u, float[] x, int xOffset, int columns, int groupSize) {
    u.reserveSums(columns / groupSize);
    for (int g = 0; g < columns / groupSize; g++) {
      int at = xOffset + g * groupSize;
      float sum0 = 0;
      float sum1 = 0;
      float sum2 = 0;
      float sum3 = 0;
      for (int i = 0; i < groupSize; i += 4) {
        sum0 += x[at + i];
        sum1 += x[at + i + 1];
        sum2 += x[at + i + 2];
        sum3 += x[at + i + 3];
      }
      u.negatedSums[g] = -((sum0 + sum2) + (sum1 + sum3));
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
      float sum = Lanes.sum(u.rowSums, row * FLOATS);
      VectorFormat.store(out, outOffset + row, sum, add);
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
