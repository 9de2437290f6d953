package dev.chaski.kernels.vector;

import static dev.chaski.kernels.vector.Lanes.F;
import static dev.chaski.kernels.vector.Lanes.FLOATS;
import static java.nio.ByteOrder.LITTLE_ENDIAN;

import dev.chaski.kernels.quant.LittleEndian;
import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;

/** {@code F32} weights. */
final class F32Format implements VectorFormat {
  private final ThreadLocal<Unpacked> scratch;

  F32Format(ThreadLocal<Unpacked> scratch) {
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
        FloatVector w0 = FloatVector.fromMemorySegment(F, w, at0 + 4L * k, LITTLE_ENDIAN);
        sum0 = w0.fma(xs, sum0);
        FloatVector w1 = FloatVector.fromMemorySegment(F, w, at1 + 4L * k, LITTLE_ENDIAN);
        sum1 = w1.fma(xs, sum1);
        FloatVector w2 = FloatVector.fromMemorySegment(F, w, at2 + 4L * k, LITTLE_ENDIAN);
        sum2 = w2.fma(xs, sum2);
        FloatVector w3 = FloatVector.fromMemorySegment(F, w, at3 + 4L * k, LITTLE_ENDIAN);
        sum3 = w3.fma(xs, sum3);
      }
      float tail0 = 0;
      float tail1 = 0;
      float tail2 = 0;
      float tail3 = 0;
      for (; k < columns; k++) {
        tail0 += w.get(LittleEndian.FLOAT, at0 + 4L * k) * x[xOffset + k];
        tail1 += w.get(LittleEndian.FLOAT, at1 + 4L * k) * x[xOffset + k];
        tail2 += w.get(LittleEndian.FLOAT, at2 + 4L * k) * x[xOffset + k];
        tail3 += w.get(LittleEndian.FLOAT, at3 + 4L * k) * x[xOffset + k];
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
      FloatVector.fromMemorySegment(F, src, offset + 4L * i, LITTLE_ENDIAN)
          .intoArray(dst, dstOffset + i);
    }
    for (; i < count; i++) {
      dst[dstOffset + i] = src.get(LittleEndian.FLOAT, offset + 4L * i);
    }
  }
}
