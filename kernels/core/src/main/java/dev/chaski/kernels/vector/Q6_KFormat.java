package dev.chaski.kernels.vector;

import static dev.chaski.kernels.quant.Q6_KDecoder.BLOCK_BYTES;
import static dev.chaski.kernels.quant.Q6_KDecoder.BLOCK_SIZE;
import static dev.chaski.kernels.vector.PackedBytes.HALF;
import static dev.chaski.kernels.vector.PackedBytes.NIBBLE;
import static dev.chaski.kernels.vector.PackedBytes.WIDE;
import static dev.chaski.kernels.vector.PackedBytes.WIDE_BYTES;
import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LSHR;

import dev.chaski.kernels.TensorType;
import dev.chaski.kernels.quant.LittleEndian;
import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.ByteVector;

/** {@code Q6_K} weights; the layout is drawn at {@link dev.chaski.kernels.quant.Q6_KDecoder}. */
final class Q6_KFormat extends GroupFormat {
  private static final byte CENTRE = 32;
  private static final byte BITS_0_1 = 0x03;
  private static final byte BITS_2_3 = 0x0C;
  private static final byte BITS_4_5 = 0x30;

  Q6_KFormat(ThreadLocal<Unpacked> scratch) {
    super(scratch, TensorType.Q6_K, 16, false);
  }

  @Override
  void unpack(MemorySegment w, long at, int blocks, Unpacked to) {
    long from = at;
    for (int b = 0; b < blocks; b++, from += BLOCK_BYTES) {
      ByteVector.fromMemorySegment(HALF, w, from + 192, LITTLE_ENDIAN)
          .intoArray(to.scaleCodes, 16 * b);
      to.halves[b] = w.get(LittleEndian.SHORT, from + 208);
      for (int half = 0; half < 2; half++) {
        for (int i = 0; i < 32; i += WIDE_BYTES) {
          long low = from + 64L * half + i;
          ByteVector low0 = ByteVector.fromMemorySegment(WIDE, w, low, LITTLE_ENDIAN);
          ByteVector low1 = ByteVector.fromMemorySegment(WIDE, w, low + 32, LITTLE_ENDIAN);
          ByteVector high =
              ByteVector.fromMemorySegment(WIDE, w, from + 128 + 32L * half + i, LITTLE_ENDIAN);
          int code = BLOCK_SIZE * b + 128 * half + i;
          low0.and(NIBBLE)
              .or(high.and(BITS_0_1).reinterpretAsInts().lanewise(LSHL, 4).reinterpretAsBytes())
              .sub(CENTRE)
              .intoArray(to.codes, code);
          low1.and(NIBBLE)
              .or(high.and(BITS_2_3).reinterpretAsInts().lanewise(LSHL, 2).reinterpretAsBytes())
              .sub(CENTRE)
              .intoArray(to.codes, code + 32);
          low0.reinterpretAsInts()
              .lanewise(LSHR, 4)
              .reinterpretAsBytes()
              .and(NIBBLE)
              .or(high.and(BITS_4_5))
              .sub(CENTRE)
              .intoArray(to.codes, code + 64);
          low1.reinterpretAsInts()
              .lanewise(LSHR, 4)
              .reinterpretAsBytes()
              .and(NIBBLE)
              .or(high.reinterpretAsInts().lanewise(LSHR, 2).reinterpretAsBytes().and(BITS_4_5))
              .sub(CENTRE)
              .intoArray(to.codes, code + 96);
        }
      }
    }
    to.scalesFromCodes(blocks, 16);
  }
}
