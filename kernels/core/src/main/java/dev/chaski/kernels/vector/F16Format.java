package dev.chaski.kernels.vector;

import static dev.chaski.kernels.vector.Lanes.F;
import static dev.chaski.kernels.vector.Lanes.FLOATS;
import static dev.chaski.kernels.vector.Lanes.I;
import static dev.chaski.kernels.vector.Lanes.S;
import static java.nio.ByteOrder.LITTLE_ENDIAN;

import dev.chaski.kernels.quant.LittleEndian;
import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;

/**
 * {@code F16} weights. The Vector API cannot convert them, so exponent and mantissa are moved to
 * their places in a float and the exponent is raised by the difference of the biases; once more for
 * infinities and NaN. A subnormal gets the exponent of 2<sup>-14</sup>, which is then subtracted.
 * (One product with 2<sup>112</sup> would do for all finite ones, but processors are a hundred
 * times slower when a factor is subnormal, and one weight in a few hundred is.)
 */
final class F16Format implements VectorFormat {
  private static final int BIAS = (127 - 15) << 23;
  private static final int SMALLEST = (127 - 14) << 23; // the bits of 2^-14
  private static final float SMALLEST_NORMAL = 0x1p-14f;
  private static final int NORMAL = 0x0400 << 13;
  private static final int NOT_FINITE = 0x7C00 << 13;

  private final ThreadLocal<Unpacked> scratch;

  F16Format(ThreadLocal<Unpacked> scratch) {
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
    float[] lanes = scratch.get().rowSums; // the sums of four rows
    for (int row = 0; row < rows; row += ROWS) {
      int last = rows - 1; // rows past the end repeat the last one and are not stored
      long at0 = offset + row * rowBytes;
      Lanes.readBefore(w, at0);
      long at1 = offset + Math.min(row + 1, last) * rowBytes;
      long at2 = offset + Math.min(row + 2, last) * rowBytes;
      long at3 = offset + Math.min(row + 3, last) * rowBytes;
      FloatVector sum0 = FloatVector.zero(F);
      FloatVector sum1 = FloatVector.zero(F);
      FloatVector sum2 = FloatVector.zero(F);
      FloatVector sum3 = FloatVector.zero(F);
      int k = 0;
      for (; k < F.loopBound(columns); k += FLOATS) {
        FloatVector xs = FloatVector.fromArray(F, x, xOffset + k);
        IntVector half0 =
            (IntVector)
                ShortVector.fromMemorySegment(S, w, at0 + 2L * k, LITTLE_ENDIAN).castShape(I, 0);
        IntVector magnitude0 = half0.and(0x7FFF).lanewise(VectorOperators.LSHL, 13);
        FloatVector tiny0 = magnitude0.add(SMALLEST).reinterpretAsFloats().sub(SMALLEST_NORMAL);
        FloatVector w0 =
            magnitude0
                .add(BIAS)
                .add(BIAS, magnitude0.compare(VectorOperators.GE, NOT_FINITE))
                .blend(tiny0.reinterpretAsInts(), magnitude0.lt(NORMAL))
                .or(half0.and(0x8000_0000))
                .reinterpretAsFloats();
        sum0 = w0.fma(xs, sum0);
        IntVector half1 =
            (IntVector)
                ShortVector.fromMemorySegment(S, w, at1 + 2L * k, LITTLE_ENDIAN).castShape(I, 0);
        IntVector magnitude1 = half1.and(0x7FFF).lanewise(VectorOperators.LSHL, 13);
        FloatVector tiny1 = magnitude1.add(SMALLEST).reinterpretAsFloats().sub(SMALLEST_NORMAL);
        FloatVector w1 =
            magnitude1
                .add(BIAS)
                .add(BIAS, magnitude1.compare(VectorOperators.GE, NOT_FINITE))
                .blend(tiny1.reinterpretAsInts(), magnitude1.lt(NORMAL))
                .or(half1.and(0x8000_0000))
                .reinterpretAsFloats();
        sum1 = w1.fma(xs, sum1);
        IntVector half2 =
            (IntVector)
                ShortVector.fromMemorySegment(S, w, at2 + 2L * k, LITTLE_ENDIAN).castShape(I, 0);
        IntVector magnitude2 = half2.and(0x7FFF).lanewise(VectorOperators.LSHL, 13);
        FloatVector tiny2 = magnitude2.add(SMALLEST).reinterpretAsFloats().sub(SMALLEST_NORMAL);
        FloatVector w2 =
            magnitude2
                .add(BIAS)
                .add(BIAS, magnitude2.compare(VectorOperators.GE, NOT_FINITE))
                .blend(tiny2.reinterpretAsInts(), magnitude2.lt(NORMAL))
                .or(half2.and(0x8000_0000))
                .reinterpretAsFloats();
        sum2 = w2.fma(xs, sum2);
        IntVector half3 =
            (IntVector)
                ShortVector.fromMemorySegment(S, w, at3 + 2L * k, LITTLE_ENDIAN).castShape(I, 0);
        IntVector magnitude3 = half3.and(0x7FFF).lanewise(VectorOperators.LSHL, 13);
        FloatVector tiny3 = magnitude3.add(SMALLEST).reinterpretAsFloats().sub(SMALLEST_NORMAL);
        FloatVector w3 =
            magnitude3
                .add(BIAS)
                .add(BIAS, magnitude3.compare(VectorOperators.GE, NOT_FINITE))
                .blend(tiny3.reinterpretAsInts(), magnitude3.lt(NORMAL))
                .or(half3.and(0x8000_0000))
                .reinterpretAsFloats();
        sum3 = w3.fma(xs, sum3);
      }
      float tail0 = 0;
      float tail1 = 0;
      float tail2 = 0;
      float tail3 = 0;
      for (; k < columns; k++) {
        tail0 += LittleEndian.half(w, at0 + 2L * k) * x[xOffset + k];
        tail1 += LittleEndian.half(w, at1 + 2L * k) * x[xOffset + k];
        tail2 += LittleEndian.half(w, at2 + 2L * k) * x[xOffset + k];
        tail3 += LittleEndian.half(w, at3 + 2L * k) * x[xOffset + k];
      }
      sum0.intoArray(lanes, 0);
      sum1.intoArray(lanes, FLOATS);
      sum2.intoArray(lanes, 2 * FLOATS);
      sum3.intoArray(lanes, 3 * FLOATS);
      VectorFormat.store(out, outOffset + row, Lanes.sum(lanes, 0) + tail0, add);
      if (row + 1 < rows) {
        VectorFormat.store(out, outOffset + row + 1, Lanes.sum(lanes, FLOATS) + tail1, add);
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
    if (count > 0) {
      Lanes.readBefore(src, offset);
    }
    int i = 0;
    for (; i < F.loopBound(count); i += FLOATS) {
      IntVector half =
          (IntVector)
              ShortVector.fromMemorySegment(S, src, offset + 2L * i, LITTLE_ENDIAN).castShape(I, 0);
      IntVector magnitude = half.and(0x7FFF).lanewise(VectorOperators.LSHL, 13);
      FloatVector tiny = magnitude.add(SMALLEST).reinterpretAsFloats().sub(SMALLEST_NORMAL);
      FloatVector w =
          magnitude
              .add(BIAS)
              .add(BIAS, magnitude.compare(VectorOperators.GE, NOT_FINITE))
              .blend(tiny.reinterpretAsInts(), magnitude.lt(NORMAL))
              .or(half.and(0x8000_0000))
              .reinterpretAsFloats();
      w.intoArray(dst, dstOffset + i);
    }
    for (; i < count; i++) {
      dst[dstOffset + i] = LittleEndian.half(src, offset + 2L * i);
    }
  }
}
