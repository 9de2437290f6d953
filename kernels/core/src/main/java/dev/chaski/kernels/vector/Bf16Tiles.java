package dev.chaski.kernels.vector;

import static dev.chaski.kernels.vector.Lanes.F;
import static dev.chaski.kernels.vector.Lanes.I;
import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static jdk.incubator.vector.VectorOperators.LSHL;

import dev.chaski.kernels.cpu.CpuWeight;
import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;

/**
 * Tiles of {@code BF16}. A register holds pairs of weights, which are upper halves of floats: those
 * at even places in the low halves of its ints, those at odd places in the high ones.
 */
final class Bf16Tiles implements TileFormat {
  private static final int STRIP_BYTES = STRIP * Short.BYTES;
  private static final long TOUCH_STEP = STRIP_BYTES / Tiles.PLACES;
  private static final int ODD = 0xFFFF_0000;

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
    for (int k = 0; k < w.columns(); k += STRIP) {
      dot(w.data(), at, rowBytes, rows, x.planes, k, s, t, apart);
      at += STRIP_BYTES;
      t += rows * TOUCH_STEP;
    }
  }

  private static void dot(
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
    float[] sums = s.sums;
    long touched = 0;
    for (int r = 0; r < rows; r++) {
      touched += Tiles.touch(w, touch + r * TOUCH_STEP, apart);
      long row = at + r * rowBytes;
      FloatVector dot0 = FloatVector.fromArray(F, sums, 16 * r);
      IntVector pairs = IntVector.fromMemorySegment(I, w, row, LITTLE_ENDIAN);
      dot0 = pairs.lanewise(LSHL, 16).reinterpretAsFloats().fma(x0, dot0);
      FloatVector dot1 = pairs.and(ODD).reinterpretAsFloats().mul(x1);
      pairs = IntVector.fromMemorySegment(I, w, row + 64, LITTLE_ENDIAN);
      dot0 = pairs.lanewise(LSHL, 16).reinterpretAsFloats().fma(x2, dot0);
      dot1 = pairs.and(ODD).reinterpretAsFloats().fma(x3, dot1);
      pairs = IntVector.fromMemorySegment(I, w, row + 128, LITTLE_ENDIAN);
      dot0 = pairs.lanewise(LSHL, 16).reinterpretAsFloats().fma(x4, dot0);
      dot1 = pairs.and(ODD).reinterpretAsFloats().fma(x5, dot1);
      pairs = IntVector.fromMemorySegment(I, w, row + 192, LITTLE_ENDIAN);
      dot0 = pairs.lanewise(LSHL, 16).reinterpretAsFloats().fma(x6, dot0);
      dot1 = pairs.and(ODD).reinterpretAsFloats().fma(x7, dot1);
      dot0.add(dot1).intoArray(sums, 16 * r);
    }
    s.touched += touched;
  }
}
