package dev.chaski.kernels.vector;

import static dev.chaski.kernels.quant.Q5_KDecoder.BLOCK_BYTES;
import static dev.chaski.kernels.quant.Q5_KDecoder.BLOCK_SIZE;
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
import jdk.incubator.vector.IntVector;

/** {@code Q5_K} weights; the layout is drawn at {@link dev.chaski.kernels.quant.Q5_KDecoder}. */
final class Q5_KFormat extends GroupFormat {
  private static final int LOWEST_OF_BYTES = 0x0101_0101;
  private static final int SECOND_OF_BYTES = 0x0202_0202;

  Q5_KFormat(ThreadLocal<Unpacked> scratch) {
    super(scratch, TensorType.Q5_K, 32, true);
  }

  @Override
  void unpack(MemorySegment w, long at, int blocks, Unpacked to) {
    long from = at;
    for (int b = 0; b < blocks; b++, from += BLOCK_BYTES) {
      long head = w.get(LittleEndian.LONG, from);
      to.halves[b] = (short) head;
      to.minHalves[b] = (short) (head >> 16);
      to.setSixBitScales(b, (int) (head >> 32), w.get(LittleEndian.LONG, from + 8));
      for (int i = 0; i < 32; i += WIDE_BYTES) {
        IntVector high =
            ByteVector.fromMemorySegment(WIDE, w, from + 16 + i, LITTLE_ENDIAN).reinterpretAsInts();
        for (int pair = 0; pair < 4; pair++) {
          ByteVector low =
              ByteVector.fromMemorySegment(WIDE, w, from + 48 + 32L * pair + i, LITTLE_ENDIAN);
          IntVector bits = high.lanewise(LSHR, 2 * pair);
          int code = BLOCK_SIZE * b + 64 * pair + i;
          low.and(NIBBLE)
              .or(bits.and(LOWEST_OF_BYTES).lanewise(LSHL, 4).reinterpretAsBytes())
              .intoArray(to.codes, code);
          low.reinterpretAsInts()
              .lanewise(LSHR, 4)
              .reinterpretAsBytes()
              .and(NIBBLE)
              .or(bits.and(SECOND_OF_BYTES).lanewise(LSHL, 3).reinterpretAsBytes())
              .intoArray(to.codes, code + 32);
        }
      }
    }
    to.scalesFromCodes(blocks, 8);
    to.minsFromCodes(blocks, 8);
  }
}
