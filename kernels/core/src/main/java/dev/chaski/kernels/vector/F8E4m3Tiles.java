package dev.chaski.kernels.vector;

import static dev.chaski.kernels.vector.Lanes.F;
import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static jdk.incubator.vector.VectorOperators.ASHR;
import static jdk.incubator.vector.VectorOperators.EQ;
import static jdk.incubator.vector.VectorOperators.LSHL;

import dev.chaski.kernels.WeightScale;
import dev.chaski.kernels.cpu.CpuWeight;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;

/**
 * Tiles of {@code F8_E4M3}. Sign, exponent and mantissa are moved to their places in a float and
 * nothing is added to the exponent: that makes all numbers 2<sup>120</sup> times too small,
 * subnormals and zeros too. {@code x} is brought to a magnitude at which no product is subnormal,
 * and the sums are brought back. (Subnormal weights are still slow, but few checkpoints have many.)
 * Only NaN is none any more; rows with NaN are found afterwards.
 */
final class F8E4m3Tiles implements TileFormat {
  private static final long TOUCH_STEP = STRIP / Tiles.PLACES;
  private static final int TOO_SMALL = 120;

  /**
   * The exponent of the largest {@code x}: products of it are normal, those of values
   * 2<sup>60</sup> times smaller too, and any scale may follow.
   */
  private static final int LARGEST_EXPONENT = 60;

  private static final int PLACES = 0x87F0_0000;
  private static final byte MAGNITUDE = 0x7F;
  private static final byte NAN = 0x7F;

  private final int[] places = new int[STRIP];
  private final float[] ones = new float[STRIP];

  F8E4m3Tiles() {
    for (int i = 0; i < STRIP; i++) {
      places[i] = i / 64 * 64 + i % 16 * 4 + i / 16 % 4;
      ones[i] = 1;
    }
  }

  /** One scale for each row is multiplied afterwards; other scales must be those of a tile. */
  @Override
  public boolean fits(CpuWeight w) {
    if (w.columns() % STRIP != 0) {
      return false;
    }
    if (w.scale().isEmpty() || w.scale().get().blocks() == 1) {
      return true;
    }
    WeightScale scale = w.scale().get();
    return scale.blockRows() % ROWS == 0 && scale.blockColumns() % STRIP == 0;
  }

  @Override
  public void prepare(float[] x, int columns, TileInput to) {
    float largest = 0;
    for (int i = 0; i < columns; i++) {
      largest = Math.max(largest, Math.abs(x[i]));
    }
    boolean canScale = largest > 0 && largest < Float.POSITIVE_INFINITY;
    int exponent = canScale ? LARGEST_EXPONENT - Math.getExponent(largest) : 0;
    to.setPlanes(x, columns, places, ones);
    for (int i = 0; i < columns; i++) {
      to.planes[i] = (float) (to.planes[i] * Math.scalb(1.0, exponent));
    }
    to.unit = Math.scalb(1.0, TOO_SMALL - exponent);
  }

  @Override
  public void multiply(CpuWeight w, int first, int rows, TileInput x, TileScratch s, long touch) {
    long rowBytes = w.rowBytes();
    long at = first * rowBytes;
    WeightScale scale = w.scale().orElse(null);
    boolean hasBlocks = scale != null && scale.blocks() > 1;
    boolean mayHaveNan = false;
    long apart = rows * rowBytes / Tiles.PLACES;
    for (int k = 0; k < w.columns(); k += STRIP) {
      float factor = hasBlocks ? scale.at(first, k / scale.blockColumns()) : 1;
      long t = touch + (long) rows * k / Tiles.PLACES;
      mayHaveNan |= dot(w.data(), at + k, rowBytes, rows, x.planes, k, factor, s, t, apart);
    }
    for (int r = 0; r < rows; r++) {
      boolean hasNan = mayHaveNan && hasNan(w, at + r * rowBytes);
      float factor = scale != null && !hasBlocks ? scale.at(first + r, 0) : 1;
      for (int lane = 16 * r; lane < 16 * r + 16; lane++) {
        s.sums[lane] = hasNan ? Float.NaN : s.sums[lane] * factor;
      }
    }
  }

  /** Answers whether NaN is among the weights. */
  private static boolean dot(
      MemorySegment w,
      long at,
      long rowBytes,
      int rows,
      float[] x,
      int k,
      float factor,
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
    FloatVector scale = FloatVector.broadcast(F, factor);
    ByteVector largest = ByteVector.zero(BytePlanes.BYTES);
    float[] sums = s.sums;
    long touched = 0;
    for (int r = 0; r < rows; r++) {
      touched += Tiles.touch(w, touch + r * TOUCH_STEP, apart);
      long row = at + r * rowBytes;
      ByteVector bytes = ByteVector.fromMemorySegment(BytePlanes.BYTES, w, row, LITTLE_ENDIAN);
      largest = largest.max(bytes.and(MAGNITUDE));
      IntVector q = bytes.reinterpretAsInts();
      FloatVector dot0 =
          q.lanewise(LSHL, 24).lanewise(ASHR, 4).and(PLACES).reinterpretAsFloats().mul(x0);
      FloatVector dot1 =
          q.lanewise(LSHL, 16).lanewise(ASHR, 4).and(PLACES).reinterpretAsFloats().mul(x1);
      dot0 = q.lanewise(LSHL, 8).lanewise(ASHR, 4).and(PLACES).reinterpretAsFloats().fma(x2, dot0);
      dot1 = q.lanewise(ASHR, 4).and(PLACES).reinterpretAsFloats().fma(x3, dot1);
      bytes = ByteVector.fromMemorySegment(BytePlanes.BYTES, w, row + 64, LITTLE_ENDIAN);
      largest = largest.max(bytes.and(MAGNITUDE));
      q = bytes.reinterpretAsInts();
      dot0 = q.lanewise(LSHL, 24).lanewise(ASHR, 4).and(PLACES).reinterpretAsFloats().fma(x4, dot0);
      dot1 = q.lanewise(LSHL, 16).lanewise(ASHR, 4).and(PLACES).reinterpretAsFloats().fma(x5, dot1);
      dot0 = q.lanewise(LSHL, 8).lanewise(ASHR, 4).and(PLACES).reinterpretAsFloats().fma(x6, dot0);
      dot1 = q.lanewise(ASHR, 4).and(PLACES).reinterpretAsFloats().fma(x7, dot1);
      dot0.add(dot1).fma(scale, FloatVector.fromArray(F, sums, 16 * r)).intoArray(sums, 16 * r);
    }
    s.touched += touched;
    return largest.compare(EQ, NAN).anyTrue();
  }

  private static boolean hasNan(CpuWeight w, long row) {
    for (long at = row; at < row + w.rowBytes(); at++) {
      if ((w.data().get(ValueLayout.JAVA_BYTE, at) & MAGNITUDE) == NAN) {
        return true;
      }
    }
    return false;
  }
}
