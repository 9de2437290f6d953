package dev.chaski.kernels.vector;

import static dev.chaski.kernels.vector.Lanes.F;
import static dev.chaski.kernels.vector.Lanes.I;
import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static jdk.incubator.vector.VectorOperators.FMA;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LSHR;

import dev.chaski.kernels.cpu.CpuWeight;
import dev.chaski.kernels.quant.LittleEndian;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/**
 * Tiles of {@code F16}. A register holds pairs of weights: those at even places in the low halves
 * of its ints, those at odd places in the high ones. Exponent and mantissa are moved to their
 * places in a float {@code f} and the exponent is raised by the difference of the biases. That is
 * right but for subnormal numbers and zero, which are {@code 2 f} less 2<sup>-14</sup>. Infinities
 * and NaN become large numbers; rows that have any are multiplied again.
 */
final class F16Tiles implements TileFormat {
  private static final int STRIP_BYTES = STRIP * Short.BYTES;
  private static final long TOUCH_STEP = STRIP_BYTES / Tiles.PLACES;
  private static final int MAGNITUDE = 0x7FFF << 13;
  private static final int SIGN = 0x8000_0000;
  private static final int BIAS = (127 - 15) << 23;
  private static final int NORMAL = 0x0400 << 13;
  private static final FloatVector TWO = FloatVector.broadcast(F, 2f);
  private static final FloatVector MINUS_SMALLEST = FloatVector.broadcast(F, -0x1p-14f);
  private static final int NOT_FINITE = 0x7C00 << 13;
  private static final int HALF_NOT_FINITE = 0x7C00;

  @Override
  public boolean fits(CpuWeight w) {
    return w.scale().isEmpty() && w.columns() % STRIP == 0;
  }

  @Override
  public void prepare(float[] x, int columns, TileInput to) {
    to.setPairs(x, columns);
  }

  @Override
  public void multiply(CpuWeight w, int first, int rows, TileInput x, TileScratch s, long touch) {
    long rowBytes = w.rowBytes();
    long at = first * rowBytes;
    long t = touch;
    long apart = rows * rowBytes / Tiles.PLACES;
    boolean areFinite = true;
    for (int k = 0; k < w.columns(); k += STRIP) {
      areFinite &= dot(w.data(), at, rowBytes, rows, x.planes, k, s, t, apart);
      at += STRIP_BYTES;
      t += rows * TOUCH_STEP;
    }
    if (!areFinite) {
      for (int r = 0; r < rows; r++) {
        multiplyIfNotFinite(w, (first + r) * rowBytes, x.planes, s.sums, 16 * r);
      }
    }
  }

  /** Answers whether all weights are finite. */
  private static boolean dot(
      MemorySegment w,
      long at,
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
    IntVector largest = IntVector.zero(I);
    float[] sums = s.sums;
    long touched = 0;
    for (int r = 0; r < rows; r++) {
      touched += Tiles.touch(w, touch + r * TOUCH_STEP, apart);
      long row = at + r * rowBytes;
      FloatVector dot0 = FloatVector.fromArray(F, sums, 16 * r);
      FloatVector dot1 = FloatVector.zero(F);
      IntVector pairs = IntVector.fromMemorySegment(I, w, row, LITTLE_ENDIAN);
      IntVector bits = pairs.lanewise(LSHL, 16);
      IntVector magnitude = bits.lanewise(LSHR, 3).and(MAGNITUDE);
      largest = largest.max(magnitude);
      FloatVector f = magnitude.add(BIAS).reinterpretAsFloats();
      f = f.lanewise(FMA, TWO, MINUS_SMALLEST, magnitude.lt(NORMAL).cast(F));
      dot0 = f.reinterpretAsInts().or(bits.and(SIGN)).reinterpretAsFloats().fma(x0, dot0);
      magnitude = pairs.lanewise(LSHR, 3).and(MAGNITUDE);
      largest = largest.max(magnitude);
      f = magnitude.add(BIAS).reinterpretAsFloats();
      f = f.lanewise(FMA, TWO, MINUS_SMALLEST, magnitude.lt(NORMAL).cast(F));
      dot1 = f.reinterpretAsInts().or(pairs.and(SIGN)).reinterpretAsFloats().fma(x1, dot1);
      pairs = IntVector.fromMemorySegment(I, w, row + 64, LITTLE_ENDIAN);
      bits = pairs.lanewise(LSHL, 16);
      magnitude = bits.lanewise(LSHR, 3).and(MAGNITUDE);
      largest = largest.max(magnitude);
      f = magnitude.add(BIAS).reinterpretAsFloats();
      f = f.lanewise(FMA, TWO, MINUS_SMALLEST, magnitude.lt(NORMAL).cast(F));
      dot0 = f.reinterpretAsInts().or(bits.and(SIGN)).reinterpretAsFloats().fma(x2, dot0);
      magnitude = pairs.lanewise(LSHR, 3).and(MAGNITUDE);
      largest = largest.max(magnitude);
      f = magnitude.add(BIAS).reinterpretAsFloats();
      f = f.lanewise(FMA, TWO, MINUS_SMALLEST, magnitude.lt(NORMAL).cast(F));
      dot1 = f.reinterpretAsInts().or(pairs.and(SIGN)).reinterpretAsFloats().fma(x3, dot1);
      pairs = IntVector.fromMemorySegment(I, w, row + 128, LITTLE_ENDIAN);
      bits = pairs.lanewise(LSHL, 16);
      magnitude = bits.lanewise(LSHR, 3).and(MAGNITUDE);
      largest = largest.max(magnitude);
      f = magnitude.add(BIAS).reinterpretAsFloats();
      f = f.lanewise(FMA, TWO, MINUS_SMALLEST, magnitude.lt(NORMAL).cast(F));
      dot0 = f.reinterpretAsInts().or(bits.and(SIGN)).reinterpretAsFloats().fma(x4, dot0);
      magnitude = pairs.lanewise(LSHR, 3).and(MAGNITUDE);
      largest = largest.max(magnitude);
      f = magnitude.add(BIAS).reinterpretAsFloats();
      f = f.lanewise(FMA, TWO, MINUS_SMALLEST, magnitude.lt(NORMAL).cast(F));
      dot1 = f.reinterpretAsInts().or(pairs.and(SIGN)).reinterpretAsFloats().fma(x5, dot1);
      pairs = IntVector.fromMemorySegment(I, w, row + 192, LITTLE_ENDIAN);
      bits = pairs.lanewise(LSHL, 16);
      magnitude = bits.lanewise(LSHR, 3).and(MAGNITUDE);
      largest = largest.max(magnitude);
      f = magnitude.add(BIAS).reinterpretAsFloats();
      f = f.lanewise(FMA, TWO, MINUS_SMALLEST, magnitude.lt(NORMAL).cast(F));
      dot0 = f.reinterpretAsInts().or(bits.and(SIGN)).reinterpretAsFloats().fma(x6, dot0);
      magnitude = pairs.lanewise(LSHR, 3).and(MAGNITUDE);
      largest = largest.max(magnitude);
      f = magnitude.add(BIAS).reinterpretAsFloats();
      f = f.lanewise(FMA, TWO, MINUS_SMALLEST, magnitude.lt(NORMAL).cast(F));
      dot1 = f.reinterpretAsInts().or(pairs.and(SIGN)).reinterpretAsFloats().fma(x7, dot1);
      dot0.add(dot1).intoArray(sums, 16 * r);
    }
    s.touched += touched;
    return largest.compare(VectorOperators.LT, NOT_FINITE).allTrue();
  }

  /** Multiplies a row again if it has infinities or NaN, with each weight converted by itself. */
  private static void multiplyIfNotFinite(CpuWeight w, long row, float[] x, float[] sums, int at) {
    boolean isFinite = true;
    for (long i = 0; i < w.rowBytes(); i += Short.BYTES) {
      isFinite &= (w.data().get(LittleEndian.SHORT, row + i) & HALF_NOT_FINITE) != HALF_NOT_FINITE;
    }
    if (isFinite) {
      return;
    }
    float sum = 0;
    for (int i = 0; i < w.columns(); i++) {
      int from = i / 32 * 32 + i % 16 * 2 + i / 16 % 2;
      sum = Math.fma(LittleEndian.half(w.data(), row + (long) from * Short.BYTES), x[i], sum);
    }
    Arrays.fill(sums, at, at + 16, 0);
    sums[at] = sum;
  }
}
