package dev.chaski.kernels.vector;

import static dev.chaski.kernels.quant.Q2_KDecoder.BLOCK_BYTES;
import static dev.chaski.kernels.quant.Q2_KDecoder.BLOCK_SIZE;
import static dev.chaski.kernels.vector.PackedBytes.HALF;
import static dev.chaski.kernels.vector.PackedBytes.NIBBLE;
import static dev.chaski.kernels.vector.PackedBytes.WIDE;
import static dev.chaski.kernels.vector.PackedBytes.WIDE_BYTES;
import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static jdk.incubator.vector.VectorOperators.LSHR;

import dev.chaski.kernels.TensorType;
import dev.chaski.kernels.quant.LittleEndian;
import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.IntVector;

/** {@code Q2_K} weights; the layout is drawn at {@link dev.chaski.kernels.quant.Q2_KDecoder}. */
final class Q2_KFormat extends GroupFormat {
  private static final byte TWO_BITS = 0x03;

  Q2_KFormat(ThreadLocal<Unpacked> scratch) {
    super(scratch, TensorType.Q2_K, 16, true);
  }

  @Override
  void unpack(MemorySegment w, long at, int blocks, Unpacked to) {
    long from = at;
    for (int b = 0; b < blocks; b++, from += BLOCK_BYTES) {
      ByteVector groups = ByteVector.fromMemorySegment(HALF, w, from, LITTLE_ENDIAN);
      groups.and(NIBBLE).intoArray(to.scaleCodes, 16 * b);
      groups
          .reinterpretAsInts()
          .lanewise(LSHR, 4)
          .reinterpretAsBytes()
          .and(NIBBLE)
          .intoArray(to.minCodes, 16 * b);
      to.halves[b] = w.get(LittleEndian.SHORT, from + 80);
      to.minHalves[b] = w.get(LittleEndian.SHORT, from + 82);
      for (int half = 0; half < 2; half++) {
        for (int i = 0; i < 32; i += WIDE_BYTES) {
          IntVector fours =
              ByteVector.fromMemorySegment(WIDE, w, from + 16 + 32L * half + i, LITTLE_ENDIAN)
                  .reinterpretAsInts();
          int code = BLOCK_SIZE * b + 128 * half + i;
          fours.reinterpretAsBytes().and(TWO_BITS).intoArray(to.codes, code);
          fours.lanewise(LSHR, 2).reinterpretAsBytes().and(TWO_BITS).intoArray(to.codes, code + 32);
          fours.lanewise(LSHR, 4).reinterpretAsBytes().and(TWO_BITS).intoArray(to.codes, code + 64);
          fours.lanewise(LSHR, 6).reinterpretAsBytes().and(TWO_BITS).intoArray(to.codes, code + 96);
        }
      }
    }
    to.scalesFromCodes(blocks, 16);
    to.minsFromCodes(blocks, 16);
  }
}
