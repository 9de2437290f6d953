package dev.chaski.kernels.vector;

import static dev.chaski.kernels.vector.Lanes.B;
import static dev.chaski.kernels.vector.Lanes.BYTES;
import static dev.chaski.kernels.vector.Lanes.BYTE_PARTS;
import static dev.chaski.kernels.vector.Lanes.F;
import static dev.chaski.kernels.vector.Lanes.FLOATS;
import static dev.chaski.kernels.vector.Lanes.I;
import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static jdk.incubator.vector.VectorOperators.ASHR;
import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LT;

import dev.chaski.kernels.quant.Float8;
import dev.chaski.kernels.quant.LittleEndian;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;

/**
 * {@code F8_E4M3} weights. Exponent and mantissa are moved to their places in a float and the
 * exponent is raised by the difference of the biases. That is wrong for subnormals and NaN, which
 * are rare: a register of weights, one row's as {@link BytePlanes}, is searched for them first, and
 * decoded with more care where one is found.
 */
final class F8E4m3Format implements VectorFormat {
  private static final int TOUCH_AHEAD = 4096;

  private static final int MANTISSA_SHIFT = 20; // from bit 0 to bit 20
  private static final int PLACES = 0x87F0_0000; // sign, and where exponent and mantissa go
  private static final int SIGN = 0x8000_0000;
  private static final int BIAS = (127 - 7) << 23;
  private static final int SMALLEST = (127 - 6) << 23; // the bits of 2^-6
  private static final float SMALLEST_NORMAL = 0x1p-6f;
  private static final int NORMAL = 0x08 << MANTISSA_SHIFT;
  private static final int LARGEST = 0x7E << MANTISSA_SHIFT;
  private static final int FLOAT_NAN = 0x7FC0_0000;

  // Magnitudes plus one, modulo 128: 0 is NaN, 1 to 8 are zero and the subnormals.
  private static final byte MAGNITUDE = 0x7F;
  private static final byte FIRST_NORMAL = 9;

  private final ThreadLocal<Unpacked> scratch;

  F8E4m3Format(ThreadLocal<Unpacked> scratch) {
    this.scratch = scratch;
  }

  @Override
  public void matvec(
      MemorySegment w,
      long offset,
      long rowBytes,
      int rows,
      int columns,
      float[] x,
      int xOffset,
      float[] out,
      int outOffset,
      boolean add) {
    Unpacked u = scratch.get();
    for (int row = 0; row < rows; row++) {
      long at = offset + row * rowBytes;
      long ahead = at + TOUCH_AHEAD + columns <= w.byteSize() ? TOUCH_AHEAD : 0;
      int whole = columns / BytePlanes.LENGTH * BytePlanes.LENGTH;
      float tail = dot(w, at, whole, x, xOffset, u, ahead);
      for (int k = whole; k < columns; k++) {
        tail += Float8.e4m3ToFloat(w.get(ValueLayout.JAVA_BYTE, at + k)) * x[xOffset + k];
      }
      VectorFormat.store(out, outOffset + row, Lanes.sum(u.rowSums, 0) + tail, add);
    }
  }

  /** Leaves the sums of products in {@code u.rowSums}, but for what it returns. */
  private static float dot(
      MemorySegment w, long at, int columns, float[] x, int xAt, Unpacked u, long ahead) {
    FloatVector sum0 = FloatVector.zero(F);
    FloatVector sum1 = FloatVector.zero(F);
    FloatVector sum2 = FloatVector.zero(F);
    FloatVector sum3 = FloatVector.zero(F);
    float rest = 0;
    long touched = 0;
    int k = 0;
    while (k < columns) {
      for (; k < columns; k += BytePlanes.LENGTH) {
        touched += w.get(LittleEndian.LONG, at + ahead + k);
        ByteVector bytes = ByteVector.fromMemorySegment(BytePlanes.BYTES, w, at + k, LITTLE_ENDIAN);
        if (bytes.add((byte) 1).and(MAGNITUDE).compare(LT, FIRST_NORMAL).anyTrue()) {
          break;
        }
        IntVector planes = bytes.rearrange(BytePlanes.PLANES).reinterpretAsInts();
        sum0 =
            planes
                .lanewise(LSHL, 24)
                .lanewise(ASHR, 4)
                .and(PLACES)
                .add(BIAS)
                .reinterpretAsFloats()
                .fma(FloatVector.fromArray(F, x, xAt + k), sum0);
        sum1 =
            planes
                .lanewise(LSHL, 16)
                .lanewise(ASHR, 4)
                .and(PLACES)
                .add(BIAS)
                .reinterpretAsFloats()
                .fma(FloatVector.fromArray(F, x, xAt + k + FLOATS), sum1);
        sum2 =
            planes
                .lanewise(LSHL, 8)
                .lanewise(ASHR, 4)
                .and(PLACES)
                .add(BIAS)
                .reinterpretAsFloats()
                .fma(FloatVector.fromArray(F, x, xAt + k + 2 * FLOATS), sum2);
        sum3 =
            planes
                .lanewise(ASHR, 4)
                .and(PLACES)
                .add(BIAS)
                .reinterpretAsFloats()
                .fma(FloatVector.fromArray(F, x, xAt + k + 3 * FLOATS), sum3);
      }
      if (k < columns) {
        rest += dotWithCare(w, at + k, x, xAt + k, u.rowSums);
        k += BytePlanes.LENGTH;
      }
    }
    sum0.add(sum1).add(sum2.add(sum3)).intoArray(u.rowSums, 0);
    u.touched += touched;
    return rest;
  }

  /** The sum of products of a register of any weights. */
  private static float dotWithCare(MemorySegment w, long at, float[] x, int xAt, float[] decoded) {
    decodeVectors(w, at, decoded, 0, BytePlanes.LENGTH);
    FloatVector sum = FloatVector.zero(F);
    for (int i = 0; i < BytePlanes.LENGTH; i += FLOATS) {
      sum = FloatVector.fromArray(F, decoded, i).fma(FloatVector.fromArray(F, x, xAt + i), sum);
    }
    sum.intoArray(decoded, 0);
    return Lanes.sum(decoded, 0);
  }

  @Override
  public void decode(MemorySegment src, long offset, float[] dst, int dstOffset, int count) {
    int whole = count / BYTES * BYTES;
    decodeVectors(src, offset, dst, dstOffset, whole);
    for (int i = whole; i < count; i++) {
      dst[dstOffset + i] = Float8.e4m3ToFloat(src.get(ValueLayout.JAVA_BYTE, offset + i));
    }
  }

  /**
   * Decodes whole vectors of any numbers. A subnormal gets the exponent of 2<sup>-6</sup>, which is
   * then subtracted.
   */
  private static void decodeVectors(
      MemorySegment src, long offset, float[] dst, int dstOffset, int count) {
    if (count > 0) {
      Lanes.readBefore(src, offset);
    }
    for (int i = 0; i < count; i += BYTES) {
      ByteVector bytes = ByteVector.fromMemorySegment(B, src, offset + i, LITTLE_ENDIAN);
      for (int part = 0; part < BYTE_PARTS; part++) {
        IntVector places =
            ((IntVector) bytes.castShape(I, part)).lanewise(LSHL, MANTISSA_SHIFT).and(PLACES);
        IntVector magnitude = places.and(~SIGN);
        FloatVector tiny = magnitude.add(SMALLEST).reinterpretAsFloats().sub(SMALLEST_NORMAL);
        magnitude
            .add(BIAS)
            .blend(FLOAT_NAN, magnitude.compare(GT, LARGEST))
            .blend(tiny.reinterpretAsInts(), magnitude.compare(LT, NORMAL))
            .or(places.and(SIGN))
            .reinterpretAsFloats()
            .intoArray(dst, dstOffset + i + part * FLOATS);
      }
    }
  }
}
