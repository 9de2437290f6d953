package dev.chaski.kernels.vector;

import static dev.chaski.kernels.quant.Q4_KDecoder.BLOCK_BYTES;
import static dev.chaski.kernels.quant.Q4_KDecoder.BLOCK_SIZE;
import static dev.chaski.kernels.vector.PackedBytes.NIBBLE;
import static dev.chaski.kernels.vector.PackedBytes.WIDE;
import static dev.chaski.kernels.vector.PackedBytes.WIDE_BYTES;
import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static jdk.incubator.vector.VectorOperators.LSHR;

import dev.chaski.kernels.TensorType;
import dev.chaski.kernels.quant.LittleEndian;
import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.ByteVector;

/** {@code Q4_K} weights; the layout is drawn at {@link dev.chaski.kernels.quant.Q4_KDecoder}. */
final class Q4_KFormat extends GroupFormat {
  private static final int PAIRS_AT = 16;

  Q4_KFormat(ThreadLocal<Unpacked> scratch) {
    super(scratch, TensorType.Q4_K, 32, true);
  }

  @Override
  void unpack(MemorySegment w, long at, int blocks, Unpacked to) {
    long from = at;
    for (int b = 0; b < blocks; b++, from += BLOCK_BYTES) {
      long head = w.get(LittleEndian.LONG, from);
      to.halves[b] = (short) head;
      to.minHalves[b] = (short) (head >> 16);
      to.setSixBitScales(b, (int) (head >> 32), w.get(LittleEndian.LONG, from + 8));
      for (int pair = 0; pair < 4; pair++) {
        for (int i = 0; i < 32; i += WIDE_BYTES) {
          ByteVector q =
              ByteVector.fromMemorySegment(
                  WIDE, w, from + PAIRS_AT + 32L * pair + i, LITTLE_ENDIAN);
          int code = BLOCK_SIZE * b + 64 * pair + i;
          q.and(NIBBLE).intoArray(to.codes, code);
          q.reinterpretAsInts()
              .lanewise(LSHR, 4)
              .reinterpretAsBytes()
              .and(NIBBLE)
              .intoArray(to.codes, code + 32);
        }
      }
    }
    to.scalesFromCodes(blocks, 8);
    to.minsFromCodes(blocks, 8);
  }
}
