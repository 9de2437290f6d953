package dev.chaski.kernels.vector;

import static dev.chaski.kernels.quant.Q8_0Decoder.BLOCK_BYTES;
import static dev.chaski.kernels.quant.Q8_0Decoder.BLOCK_SIZE;
import static dev.chaski.kernels.vector.Lanes.B;
import static dev.chaski.kernels.vector.Lanes.BYTES;
import static dev.chaski.kernels.vector.Lanes.BYTE_PARTS;
import static dev.chaski.kernels.vector.Lanes.F;
import static dev.chaski.kernels.vector.Lanes.FLOATS;
import static java.nio.ByteOrder.LITTLE_ENDIAN;

import dev.chaski.kernels.quant.LittleEndian;
import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;

/**
 * {@code Q8_0} weights; the layout is drawn at {@link dev.chaski.kernels.quant.Q8_0Decoder}. The
 * scale of a block is applied to its sum of products.
 */
final class Q8_0Format implements VectorFormat {
  private final ThreadLocal<Unpacked> scratch;

  Q8_0Format(ThreadLocal<Unpacked> scratch) {
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
      long at1 = offset + Math.min(row + 1, last) * rowBytes;
      long at2 = offset + Math.min(row + 2, last) * rowBytes;
      long at3 = offset + Math.min(row + 3, last) * rowBytes;
      FloatVector sum0 = FloatVector.zero(F);
      FloatVector sum1 = FloatVector.zero(F);
      FloatVector sum2 = FloatVector.zero(F);
      FloatVector sum3 = FloatVector.zero(F);
      for (int block = 0; block < columns / BLOCK_SIZE; block++) {
        int xAt = xOffset + block * BLOCK_SIZE;
        long in = (long) block * BLOCK_BYTES;
        FloatVector dot0 = FloatVector.zero(F);
        FloatVector dot1 = FloatVector.zero(F);
        FloatVector dot2 = FloatVector.zero(F);
        FloatVector dot3 = FloatVector.zero(F);
        for (int i = 0; i < BLOCK_SIZE; i += BYTES) {
          ByteVector q0 = ByteVector.fromMemorySegment(B, w, at0 + in + 2 + i, LITTLE_ENDIAN);
          ByteVector q1 = ByteVector.fromMemorySegment(B, w, at1 + in + 2 + i, LITTLE_ENDIAN);
          ByteVector q2 = ByteVector.fromMemorySegment(B, w, at2 + in + 2 + i, LITTLE_ENDIAN);
          ByteVector q3 = ByteVector.fromMemorySegment(B, w, at3 + in + 2 + i, LITTLE_ENDIAN);
          for (int part = 0; part < BYTE_PARTS; part++) {
            FloatVector xs = FloatVector.fromArray(F, x, xAt + i + part * FLOATS);
            dot0 = ((FloatVector) q0.castShape(F, part)).fma(xs, dot0);
            dot1 = ((FloatVector) q1.castShape(F, part)).fma(xs, dot1);
            dot2 = ((FloatVector) q2.castShape(F, part)).fma(xs, dot2);
            dot3 = ((FloatVector) q3.castShape(F, part)).fma(xs, dot3);
          }
        }
        sum0 = dot0.fma(FloatVector.broadcast(F, LittleEndian.half(w, at0 + in)), sum0);
        sum1 = dot1.fma(FloatVector.broadcast(F, LittleEndian.half(w, at1 + in)), sum1);
        sum2 = dot2.fma(FloatVector.broadcast(F, LittleEndian.half(w, at2 + in)), sum2);
        sum3 = dot3.fma(FloatVector.broadcast(F, LittleEndian.half(w, at3 + in)), sum3);
      }
      sum0.intoArray(lanes, 0);
      sum1.intoArray(lanes, FLOATS);
      sum2.intoArray(lanes, 2 * FLOATS);
      sum3.intoArray(lanes, 3 * FLOATS);
      VectorFormat.store(out, outOffset + row, Lanes.sum(lanes, 0), add);
      if (row + 1 < rows) {
        VectorFormat.store(out, outOffset + row + 1, Lanes.sum(lanes, FLOATS), add);
      }
      if (row + 2 < rows) {
        VectorFormat.store(out, outOffset + row + 2, Lanes.sum(lanes, 2 * FLOATS), add);
      }
      if (row + 3 < rows) {
        VectorFormat.store(out, outOffset + row + 3, Lanes.sum(lanes, 3 * FLOATS), add);
      }
    }
  }

  @Override
  public void decode(MemorySegment src, long offset, float[] dst, int dstOffset, int count) {
    for (int block = 0; block < count / BLOCK_SIZE; block++) {
      long at = offset + (long) block * BLOCK_BYTES;
      int to = dstOffset + block * BLOCK_SIZE;
      float d = LittleEndian.half(src, at);
      for (int i = 0; i < BLOCK_SIZE; i += BYTES) {
        ByteVector q = ByteVector.fromMemorySegment(B, src, at + 2 + i, LITTLE_ENDIAN);
        for (int part = 0; part < BYTE_PARTS; part++) {
          ((FloatVector) q.castShape(F, part)).mul(d).intoArray(dst, to + i + part * FLOATS);
        }
      }
    }
  }
}
