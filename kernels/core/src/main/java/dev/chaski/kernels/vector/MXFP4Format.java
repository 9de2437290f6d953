package dev.chaski.kernels.vector;

import static dev.chaski.kernels.quant.MXFP4Decoder.BLOCK_BYTES;
import static dev.chaski.kernels.quant.MXFP4Decoder.BLOCK_SIZE;
import static dev.chaski.kernels.vector.PackedBytes.HALF;
import static dev.chaski.kernels.vector.PackedBytes.NIBBLE;
import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static jdk.incubator.vector.VectorOperators.LSHR;

import dev.chaski.kernels.TensorType;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import jdk.incubator.vector.ByteVector;

/** {@code MXFP4} weights; the layout is drawn at {@link dev.chaski.kernels.quant.MXFP4Decoder}. */
final class MXFP4Format extends GroupFormat {
  /** Twice the values of E2M1, which makes them whole numbers. */
  private static final ByteVector LEVELS =
      ByteVector.fromArray(
          HALF, new byte[] {0, 1, 2, 3, 4, 6, 8, 12, 0, -1, -2, -3, -4, -6, -8, -12}, 0);

  MXFP4Format(ThreadLocal<Unpacked> scratch) {
    super(scratch, TensorType.MXFP4, 32, false);
  }

  @Override
  void unpack(MemorySegment w, long at, int blocks, Unpacked to) {
    long from = at;
    for (int b = 0; b < blocks; b++, from += BLOCK_BYTES) {
      // Half of 2^(e - 127), because the levels are doubled.
      to.scales[b] = Math.scalb(1f, Byte.toUnsignedInt(w.get(ValueLayout.JAVA_BYTE, from)) - 128);
      ByteVector pairs = ByteVector.fromMemorySegment(HALF, w, from + 1, LITTLE_ENDIAN);
      pairs.and(NIBBLE).selectFrom(LEVELS).intoArray(to.codes, BLOCK_SIZE * b);
      pairs
          .reinterpretAsInts()
          .lanewise(LSHR, 4)
          .reinterpretAsBytes()
          .and(NIBBLE)
          .selectFrom(LEVELS)
          .intoArray(to.codes, BLOCK_SIZE * b + BLOCK_SIZE / 2);
    }
  }
}
