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
 * Nibbles are taken apart in int lanes: x86 has no shift of bytes. Flipping the highest bit of a
 * nibble makes {@code q - 8} of {@code q} in two's complement, so that shifts alone do the rest.
 */
final class Q4_0Format implements VectorFormat {
  private static final ByteVector FLIP = ByteVector.broadcast(B, (byte) 0x88);

  private final ThreadLocal<Unpacked> scratch;

  Q4_0Format(ThreadLocal<Unpacked> scratch) {
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
        // Before the vectors: C2 inlines only so much, and a call here would spill them all.
        float d0 = LittleEndian.half(w, at0 + in);
        float d1 = LittleEndian.half(w, at1 + in);
        float d2 = LittleEndian.half(w, at2 + in);
        float d3 = LittleEndian.half(w, at3 + in);
        FloatVector dot0 = FloatVector.zero(F);
        FloatVector dot1 = FloatVector.zero(F);
        FloatVector dot2 = FloatVector.zero(F);
        FloatVector dot3 = FloatVector.zero(F);
        for (int i = 0; i < BLOCK_SIZE / 2; i += BYTES) {
          ByteVector q0 =
              ByteVector.fromMemorySegment(B, w, at0 + in + 2 + i, LITTLE_ENDIAN)
                  .lanewise(VectorOperators.XOR, FLIP);
          ByteVector q1 =
              ByteVector.fromMemorySegment(B, w, at1 + in + 2 + i, LITTLE_ENDIAN)
                  .lanewise(VectorOperators.XOR, FLIP);
          ByteVector q2 =
              ByteVector.fromMemorySegment(B, w, at2 + in + 2 + i, LITTLE_ENDIAN)
                  .lanewise(VectorOperators.XOR, FLIP);
          ByteVector q3 =
              ByteVector.fromMemorySegment(B, w, at3 + in + 2 + i, LITTLE_ENDIAN)
                  .lanewise(VectorOperators.XOR, FLIP);
          for (int part = 0; part < BYTE_PARTS; part++) {
            int xPart = xAt + i + part * FLOATS;
            FloatVector xLow = FloatVector.fromArray(F, x, xPart);
            FloatVector xHigh = FloatVector.fromArray(F, x, xPart + BLOCK_SIZE / 2);
            IntVector pair0 = (IntVector) q0.castShape(I, part);
            IntVector low0 =
                pair0.lanewise(VectorOperators.LSHL, 28).lanewise(VectorOperators.ASHR, 28);
            IntVector high0 = pair0.lanewise(VectorOperators.ASHR, 4);
            dot0 = ((FloatVector) low0.castShape(F, 0)).fma(xLow, dot0);
            dot0 = ((FloatVector) high0.castShape(F, 0)).fma(xHigh, dot0);
            IntVector pair1 = (IntVector) q1.castShape(I, part);
            IntVector low1 =
                pair1.lanewise(VectorOperators.LSHL, 28).lanewise(VectorOperators.ASHR, 28);
            IntVector high1 = pair1.lanewise(VectorOperators.ASHR, 4);
            dot1 = ((FloatVector) low1.castShape(F, 0)).fma(xLow, dot1);
            dot1 = ((FloatVector) high1.castShape(F, 0)).fma(xHigh, dot1);
            IntVector pair2 = (IntVector) q2.castShape(I, part);
            IntVector low2 =
                pair2.lanewise(VectorOperators.LSHL, 28).lanewise(VectorOperators.ASHR, 28);
            IntVector high2 = pair2.lanewise(VectorOperators.ASHR, 4);
            dot2 = ((FloatVector) low2.castShape(F, 0)).fma(xLow, dot2);
            dot2 = ((FloatVector) high2.castShape(F, 0)).fma(xHigh, dot2);
            IntVector pair3 = (IntVector) q3.castShape(I, part);
            IntVector low3 =
                pair3.lanewise(VectorOperators.LSHL, 28).lanewise(VectorOperators.ASHR, 28);
            IntVector high3 = pair3.lanewise(VectorOperators.ASHR, 4);
            dot3 = ((FloatVector) low3.castShape(F, 0)).fma(xLow, dot3);
            dot3 = ((FloatVector) high3.castShape(F, 0)).fma(xHigh, dot3);
          }
        }
        sum0 = dot0.fma(FloatVector.broadcast(F, d0), sum0);
        sum1 = dot1.fma(FloatVector.broadcast(F, d1), sum1);
        sum2 = dot2.fma(FloatVector.broadcast(F, d2), sum2);
        sum3 = dot3.fma(FloatVector.broadcast(F, d3), sum3);
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
      for (int i = 0; i < BLOCK_SIZE / 2; i += BYTES) {
        ByteVector q =
            ByteVector.fromMemorySegment(B, src, at + 2 + i, LITTLE_ENDIAN)
                .lanewise(VectorOperators.XOR, FLIP);
        for (int part = 0; part < BYTE_PARTS; part++) {
          IntVector pair = (IntVector) q.castShape(I, part);
          IntVector low =
              pair.lanewise(VectorOperators.LSHL, 28).lanewise(VectorOperators.ASHR, 28);
          IntVector high = pair.lanewise(VectorOperators.ASHR, 4);
          int toPart = to + i + part * FLOATS;
          ((FloatVector) low.castShape(F, 0)).mul(d).intoArray(dst, toPart);
          ((FloatVector) high.castShape(F, 0)).mul(d).intoArray(dst, toPart + BLOCK_SIZE / 2);
        }
      }
    }
  }
}
