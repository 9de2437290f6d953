package dev.chaski.kernels.vector;

import static dev.chaski.kernels.quant.Q4_KDecoder.BLOCK_BYTES;
import static dev.chaski.kernels.quant.Q4_KDecoder.BLOCK_SIZE;
import static dev.chaski.kernels.vector.Lanes.F;
import static dev.chaski.kernels.vector.Lanes.FLOATS;
import static dev.chaski.kernels.vector.PackedBytes.NIBBLE;
import static dev.chaski.kernels.vector.PackedBytes.WIDE;
import static dev.chaski.kernels.vector.PackedBytes.WIDE_BYTES;
import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static jdk.incubator.vector.VectorOperators.LSHR;

import dev.chaski.kernels.TensorType;
import dev.chaski.kernels.quant.LittleEndian;
import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;

/**
 * {@code Q4_K} weights; the layout is drawn at {@link dev.chaski.kernels.quant.Q4_KDecoder}. Rows
 * are multiplied where they lie, a register of bytes at a time, as {@link BytePlanes}.
 */
final class Q4_KFormat extends GroupFormat {
  private static final int PAIRS_AT = 16;
  private static final int PAIRS_BYTES = 128;

  // Plane c is nibbles 2c (low) and 2c + 1 (high) of the lanes; the last is shifted down.
  private static final int LOW_0 = 0x0000_000F;
  private static final int HIGH_0 = 0x0000_00F0;
  private static final int LOW_1 = 0x0000_0F00;
  private static final int HIGH_1 = 0x0000_F000;
  private static final int LOW_2 = 0x000F_0000;
  private static final int HIGH_2 = 0x00F0_0000;
  private static final int LOW_3 = 0x0F00_0000;
  private static final int HIGH_3_SHIFT = 28;

  // Planes 2 and 3 are of the next 32 bytes, and so of other groups, only in 512 bits.
  private static final int NEXT_X = FLOATS == 16 ? 64 : 2 * FLOATS;
  private static final int NEXT_GROUP = FLOATS == 16 ? 2 : 0;

  private final float[] factors = new float[128];

  Q4_KFormat(ThreadLocal<Unpacked> scratch) {
    super(scratch, TensorType.Q4_K, 32, true);
    for (int i = 0; i < factors.length; i++) {
      int at = i / 64 * 32 + i % 32; // the byte of value i
      int nibble = at % BytePlanes.LENGTH / FLOATS * 2 + i / 32 % 2;
      factors[i] = nibble == 7 ? 1 : 1f / (1 << (4 * nibble));
    }
  }

  @Override
  void unpack(MemorySegment w, long at, int blocks, Unpacked to) {
    unpackForRows(w, at, blocks, to);
    long from = at + PAIRS_AT;
    for (int b = 0; b < blocks; b++, from += BLOCK_BYTES) {
      for (int pair = 0; pair < 4; pair++) {
        for (int i = 0; i < 32; i += WIDE_BYTES) {
          ByteVector q =
              ByteVector.fromMemorySegment(WIDE, w, from + 32L * pair + i, LITTLE_ENDIAN);
          int code = BLOCK_SIZE * b + 64 * pair + i;
          q.and(NIBBLE).intoArray(to.codes, code);
          q.reinterpretAsInts()
              .lanewise(LSHR, 4)
              .reinterpretAsBytes()
              .and(NIBBLE)
              .intoArray(to.codes, code + 32);
        }
      }
    }
  }

  @Override
  void unpackForRows(MemorySegment w, long at, int blocks, Unpacked to) {
    long from = at;
    for (int b = 0; b < blocks; b++, from += BLOCK_BYTES) {
      long head = w.get(LittleEndian.LONG, from);
      to.halves[b] = (short) head;
      to.minHalves[b] = (short) (head >> 16);
      to.setSixBitScales(b, (int) (head >> 32), w.get(LittleEndian.LONG, from + 8));
    }
    to.scalesFromCodes(blocks, 8);
    to.minsFromCodes(blocks, 8);
  }

  @Override
  void prepare(Unpacked u, float[] x, int xOffset, int columns) {
    u.reserveX(columns);
    BytePlanes.scale(x, xOffset, columns, factors, u.scaledX);
  }

  @Override
  void addRow(
      MemorySegment w,
      long at,
      Unpacked u,
      int row,
      int columns,
      int first,
      float[] x,
      int xAt,
      long ahead) {
    long touched = 0;
    float[] scaledX = u.scaledX;
    float[] scales = u.scales;
    int group = row * columns / 32;
    FloatVector sum0 = FloatVector.fromArray(F, u.rowSums, row * FLOATS);
    FloatVector sum1 = FloatVector.zero(F);
    long from = at + PAIRS_AT;
    for (int k = first; k < first + columns; k += BLOCK_SIZE, from += BLOCK_BYTES) {
      long touch = from + ahead - PAIRS_AT;
      touched += w.get(LittleEndian.LONG, touch + PAIRS_BYTES);
      for (int i = 0; i < PAIRS_BYTES; i += BytePlanes.LENGTH) {
        touched += w.get(LittleEndian.LONG, touch + i);
        IntVector q =
            ByteVector.fromMemorySegment(BytePlanes.BYTES, w, from + i, LITTLE_ENDIAN)
                .rearrange(BytePlanes.PLANES)
                .reinterpretAsInts();
        int low = k + i / 32 * 64 + i % 32;
        int high = low + 32;
        int g = group + (k - first) / 32 + i / 32 * 2;
        FloatVector dot =
            ((FloatVector) q.and(LOW_0).castShape(F, 0))
                .mul(FloatVector.fromArray(F, scaledX, low));
        dot =
            ((FloatVector) q.and(LOW_1).castShape(F, 0))
                .fma(FloatVector.fromArray(F, scaledX, low + FLOATS), dot);
        sum0 = dot.fma(FloatVector.broadcast(F, scales[g]), sum0);
        dot =
            ((FloatVector) q.and(HIGH_0).castShape(F, 0))
                .mul(FloatVector.fromArray(F, scaledX, high));
        dot =
            ((FloatVector) q.and(HIGH_1).castShape(F, 0))
                .fma(FloatVector.fromArray(F, scaledX, high + FLOATS), dot);
        sum1 = dot.fma(FloatVector.broadcast(F, scales[g + 1]), sum1);
        dot =
            ((FloatVector) q.and(LOW_2).castShape(F, 0))
                .mul(FloatVector.fromArray(F, scaledX, low + NEXT_X));
        dot =
            ((FloatVector) q.and(LOW_3).castShape(F, 0))
                .fma(FloatVector.fromArray(F, scaledX, low + NEXT_X + FLOATS), dot);
        sum0 = dot.fma(FloatVector.broadcast(F, scales[g + NEXT_GROUP]), sum0);
        dot =
            ((FloatVector) q.and(HIGH_2).castShape(F, 0))
                .mul(FloatVector.fromArray(F, scaledX, high + NEXT_X));
        dot =
            ((FloatVector) q.lanewise(LSHR, HIGH_3_SHIFT).castShape(F, 0))
                .fma(FloatVector.fromArray(F, scaledX, high + NEXT_X + FLOATS), dot);
        sum1 = dot.fma(FloatVector.broadcast(F, scales[g + NEXT_GROUP + 1]), sum1);
      }
    }
    u.touched += touched;
    sum0.add(sum1).intoArray(u.rowSums, row * FLOATS);
  }
}
