package dev.chaski.kernels.vector;

import static dev.chaski.kernels.vector.Lanes.B;
import static dev.chaski.kernels.vector.Lanes.BYTES;
import static dev.chaski.kernels.vector.Lanes.BYTE_PARTS;
import static dev.chaski.kernels.vector.Lanes.F;
import static dev.chaski.kernels.vector.Lanes.FLOATS;
import static dev.chaski.kernels.vector.Lanes.I;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.nio.ByteOrder.LITTLE_ENDIAN;

import dev.chaski.kernels.quant.Float8;
import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/**
 * {@code F8_E4M3} weights. Exponent and mantissa are moved to their places in a float and the
 * exponent is rebiased by an integer addition; subnormals become exact by taking the smallest
 * normal number away again, so that no float is ever subnormal on the way.
 */
final class F8E4m3Format implements VectorFormat {
  private static final int REBIAS = (127 - 7) << 23;
  private static final int SMALLEST = (127 - 6) << 23; // the bits of 2^-6
  private static final float SMALLEST_NORMAL = 0x1p-6f;
  private static final int NORMAL = 0x08 << 20;
  private static final int NOT_A_NUMBER = 0x7F << 20;
  private static final int NAN = 0x7FC0_0000;

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
    float[] lanes = new float[ROWS * FLOATS]; // the sums of four rows
    for (int row = 0; row < rows; row += ROWS) {
      int last = rows - 1; // rows past the end repeat the last one and are not stored
      long at0 = offset + row * rowBytes;
      long at1 = offset + Math.min(row + 1, last) * rowBytes;
      long at2 = offset + Math.min(row + 2, last) * rowBytes;
      long at3 = offset + Math.min(row + 3, last) * rowBytes;
      FloatVector sum0 = FloatVector.zero(F);
      FloatVector sum1 = FloatVector.zero(F);
      FloatVector sum2 = FloatVector.zero(F);
      FloatVector sum3 = FloatVector.zero(F);
      int k = 0;
      for (; k + BYTES <= columns; k += BYTES) {
        for (int part = 0; part < BYTE_PARTS; part++) {
          FloatVector xs = FloatVector.fromArray(F, x, xOffset + k + part * FLOATS);
          IntVector code0 =
              (IntVector)
                  ByteVector.fromMemorySegment(B, w, at0 + k, LITTLE_ENDIAN).castShape(I, part);
          IntVector magnitude0 = code0.and(0x7F).lanewise(VectorOperators.LSHL, 20);
          FloatVector tiny0 = magnitude0.add(SMALLEST).reinterpretAsFloats().sub(SMALLEST_NORMAL);
          FloatVector w0 =
              magnitude0
                  .add(REBIAS)
                  .blend(tiny0.reinterpretAsInts(), magnitude0.lt(NORMAL))
                  .blend(NAN, magnitude0.eq(NOT_A_NUMBER))
                  .or(code0.and(0x8000_0000))
                  .reinterpretAsFloats();
          sum0 = w0.fma(xs, sum0);
          IntVector code1 =
              (IntVector)
                  ByteVector.fromMemorySegment(B, w, at1 + k, LITTLE_ENDIAN).castShape(I, part);
          IntVector magnitude1 = code1.and(0x7F).lanewise(VectorOperators.LSHL, 20);
          FloatVector tiny1 = magnitude1.add(SMALLEST).reinterpretAsFloats().sub(SMALLEST_NORMAL);
          FloatVector w1 =
              magnitude1
                  .add(REBIAS)
                  .blend(tiny1.reinterpretAsInts(), magnitude1.lt(NORMAL))
                  .blend(NAN, magnitude1.eq(NOT_A_NUMBER))
                  .or(code1.and(0x8000_0000))
                  .reinterpretAsFloats();
          sum1 = w1.fma(xs, sum1);
          IntVector code2 =
              (IntVector)
                  ByteVector.fromMemorySegment(B, w, at2 + k, LITTLE_ENDIAN).castShape(I, part);
          IntVector magnitude2 = code2.and(0x7F).lanewise(VectorOperators.LSHL, 20);
          FloatVector tiny2 = magnitude2.add(SMALLEST).reinterpretAsFloats().sub(SMALLEST_NORMAL);
          FloatVector w2 =
              magnitude2
                  .add(REBIAS)
                  .blend(tiny2.reinterpretAsInts(), magnitude2.lt(NORMAL))
                  .blend(NAN, magnitude2.eq(NOT_A_NUMBER))
                  .or(code2.and(0x8000_0000))
                  .reinterpretAsFloats();
          sum2 = w2.fma(xs, sum2);
          IntVector code3 =
              (IntVector)
                  ByteVector.fromMemorySegment(B, w, at3 + k, LITTLE_ENDIAN).castShape(I, part);
          IntVector magnitude3 = code3.and(0x7F).lanewise(VectorOperators.LSHL, 20);
          FloatVector tiny3 = magnitude3.add(SMALLEST).reinterpretAsFloats().sub(SMALLEST_NORMAL);
          FloatVector w3 =
              magnitude3
                  .add(REBIAS)
                  .blend(tiny3.reinterpretAsInts(), magnitude3.lt(NORMAL))
                  .blend(NAN, magnitude3.eq(NOT_A_NUMBER))
                  .or(code3.and(0x8000_0000))
                  .reinterpretAsFloats();
          sum3 = w3.fma(xs, sum3);
        }
      }
      float tail0 = 0;
      float tail1 = 0;
      float tail2 = 0;
      float tail3 = 0;
      for (; k < columns; k++) {
        tail0 += Float8.e4m3ToFloat(w.get(JAVA_BYTE, at0 + k)) * x[xOffset + k];
        tail1 += Float8.e4m3ToFloat(w.get(JAVA_BYTE, at1 + k)) * x[xOffset + k];
        tail2 += Float8.e4m3ToFloat(w.get(JAVA_BYTE, at2 + k)) * x[xOffset + k];
        tail3 += Float8.e4m3ToFloat(w.get(JAVA_BYTE, at3 + k)) * x[xOffset + k];
      }
      sum0.intoArray(lanes, 0 * FLOATS);
      sum1.intoArray(lanes, 1 * FLOATS);
      sum2.intoArray(lanes, 2 * FLOATS);
      sum3.intoArray(lanes, 3 * FLOATS);
      VectorFormat.store(out, outOffset + row + 0, Lanes.sum(lanes, 0 * FLOATS) + tail0, add);
      if (row + 1 < rows) {
        VectorFormat.store(out, outOffset + row + 1, Lanes.sum(lanes, 1 * FLOATS) + tail1, add);
      }
      if (row + 2 < rows) {
        VectorFormat.store(out, outOffset + row + 2, Lanes.sum(lanes, 2 * FLOATS) + tail2, add);
      }
      if (row + 3 < rows) {
        VectorFormat.store(out, outOffset + row + 3, Lanes.sum(lanes, 3 * FLOATS) + tail3, add);
      }
    }
  }

  @Override
  public void decode(MemorySegment src, long offset, float[] dst, int dstOffset, int count) {
    int i = 0;
    for (; i + BYTES <= count; i += BYTES) {
      for (int part = 0; part < BYTE_PARTS; part++) {
        IntVector code =
            (IntVector)
                ByteVector.fromMemorySegment(B, src, offset + i, LITTLE_ENDIAN).castShape(I, part);
        IntVector magnitude = code.and(0x7F).lanewise(VectorOperators.LSHL, 20);
        FloatVector tiny = magnitude.add(SMALLEST).reinterpretAsFloats().sub(SMALLEST_NORMAL);
        FloatVector w =
            magnitude
                .add(REBIAS)
                .blend(tiny.reinterpretAsInts(), magnitude.lt(NORMAL))
                .blend(NAN, magnitude.eq(NOT_A_NUMBER))
                .or(code.and(0x8000_0000))
                .reinterpretAsFloats();
        w.intoArray(dst, dstOffset + i + part * FLOATS);
      }
    }
    for (; i < count; i++) {
      dst[dstOffset + i] = Float8.e4m3ToFloat(src.get(JAVA_BYTE, offset + i));
    }
  }
}
