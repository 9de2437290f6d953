package dev.chaski.kernels.vector;

import static dev.chaski.kernels.quant.Q4_0Decoder.BLOCK_BYTES;
import static dev.chaski.kernels.quant.Q4_0Decoder.BLOCK_SIZE;
import static dev.chaski.kernels.vector.Lanes.B;
import static dev.chaski.kernels.vector.Lanes.BYTES;
import static dev.chaski.kernels.vector.Lanes.BYTE_PARTS;
import static dev.chaski.kernels.vector.Lanes.F;
import static dev.chaski.kernels.vector.Lanes.FLOATS;
import static dev.chaski.kernels.vector.Lanes.I;
import static java.nio.ByteOrder.LITTLE_ENDIAN;

import dev.chaski.kernels.quant.LittleEndian;
import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/**
 * {@code Q4_0} weights; the layout is drawn at {@link dev.chaski.kernels.quant.Q4_0Decoder}.
 * Nibbles are taken apart in int lanes: x86 has no shift of bytes.
 */
final class Q4_0Format implements VectorFormat {
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
        for (int i = 0; i < BLOCK_SIZE / 2; i += BYTES) {
          ByteVector q0 = ByteVector.fromMemorySegment(B, w, at0 + in + 2 + i, LITTLE_ENDIAN);
          ByteVector q1 = ByteVector.fromMemorySegment(B, w, at1 + in + 2 + i, LITTLE_ENDIAN);
          ByteVector q2 = ByteVector.fromMemorySegment(B, w, at2 + in + 2 + i, LITTLE_ENDIAN);
          ByteVector q3 = ByteVector.fromMemorySegment(B, w, at3 + in + 2 + i, LITTLE_ENDIAN);
          for (int part = 0; part < BYTE_PARTS; part++) {
            int xPart = xAt + i + part * FLOATS;
            FloatVector xLow = FloatVector.fromArray(F, x, xPart);
            FloatVector xHigh = FloatVector.fromArray(F, x, xPart + BLOCK_SIZE / 2);
            IntVector pair0 = (IntVector) q0.castShape(I, part);
            dot0 = ((FloatVector) pair0.and(0x0F).sub(8).castShape(F, 0)).fma(xLow, dot0);
            dot0 =
                ((FloatVector)
                        pair0.lanewise(VectorOperators.LSHR, 4).and(0x0F).sub(8).castShape(F, 0))
                    .fma(xHigh, dot0);
            IntVector pair1 = (IntVector) q1.castShape(I, part);
            dot1 = ((FloatVector) pair1.and(0x0F).sub(8).castShape(F, 0)).fma(xLow, dot1);
            dot1 =
                ((FloatVector)
                        pair1.lanewise(VectorOperators.LSHR, 4).and(0x0F).sub(8).castShape(F, 0))
                    .fma(xHigh, dot1);
            IntVector pair2 = (IntVector) q2.castShape(I, part);
            dot2 = ((FloatVector) pair2.and(0x0F).sub(8).castShape(F, 0)).fma(xLow, dot2);
            dot2 =
                ((FloatVector)
                        pair2.lanewise(VectorOperators.LSHR, 4).and(0x0F).sub(8).castShape(F, 0))
                    .fma(xHigh, dot2);
            IntVector pair3 = (IntVector) q3.castShape(I, part);
            dot3 = ((FloatVector) pair3.and(0x0F).sub(8).castShape(F, 0)).fma(xLow, dot3);
            dot3 =
                ((FloatVector)
                        pair3.lanewise(VectorOperators.LSHR, 4).and(0x0F).sub(8).castShape(F, 0))
                    .fma(xHigh, dot3);
          }
        }
        sum0 = dot0.fma(FloatVector.broadcast(F, LittleEndian.half(w, at0 + in)), sum0);
        sum1 = dot1.fma(FloatVector.broadcast(F, LittleEndian.half(w, at1 + in)), sum1);
        sum2 = dot2.fma(FloatVector.broadcast(F, LittleEndian.half(w, at2 + in)), sum2);
        sum3 = dot3.fma(FloatVector.broadcast(F, LittleEndian.half(w, at3 + in)), sum3);
      }
      VectorFormat.store(out, outOffset + row, Lanes.sum(sum0), add);
      if (row + 1 < rows) {
        VectorFormat.store(out, outOffset + row + 1, Lanes.sum(sum1), add);
      }
      if (row + 2 < rows) {
        VectorFormat.store(out, outOffset + row + 2, Lanes.sum(sum2), add);
      }
      if (row + 3 < rows) {
        VectorFormat.store(out, outOffset + row + 3, Lanes.sum(sum3), add);
      }
    }
  }

  @Override
  public void decode(MemorySegment src, long offset, float[] dst, int dstOffset, int count) {
    for (int block = 0; block < count / BLOCK_SIZE; block++) {
      long at = offset + (long) block * BLOCK_BYTES;
      int to = dstOffset + block * BLOCK_SIZE;
      float d = LittleEndian.half(src, at);
      for (int i = 0; i < BLOCK_SIZE / 2; i += BYTES) {
        ByteVector q = ByteVector.fromMemorySegment(B, src, at + 2 + i, LITTLE_ENDIAN);
        for (int part = 0; part < BYTE_PARTS; part++) {
          IntVector pair = (IntVector) q.castShape(I, part);
          int toPart = to + i + part * FLOATS;
          ((FloatVector) pair.and(0x0F).sub(8).castShape(F, 0)).mul(d).intoArray(dst, toPart);
          ((FloatVector) pair.lanewise(VectorOperators.LSHR, 4).and(0x0F).sub(8).castShape(F, 0))
              .mul(d)
              .intoArray(dst, toPart + BLOCK_SIZE / 2);
        }
      }
    }
  }
}
