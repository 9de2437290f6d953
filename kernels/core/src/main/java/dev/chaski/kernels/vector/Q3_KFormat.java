package dev.chaski.kernels.vector;

import static dev.chaski.kernels.quant.Q3_KDecoder.BLOCK_BYTES;
import static dev.chaski.kernels.quant.Q3_KDecoder.BLOCK_SIZE;
import static dev.chaski.kernels.vector.PackedBytes.WIDE;
import static dev.chaski.kernels.vector.PackedBytes.WIDE_BYTES;
import static dev.chaski.kernels.vector.Unpacked.LONGS;
import static dev.chaski.kernels.vector.Unpacked.subtractBytes;
import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LSHR;

import dev.chaski.kernels.TensorType;
import dev.chaski.kernels.quant.LittleEndian;
import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.IntVector;

/** {@code Q3_K} weights; the layout is drawn at {@link dev.chaski.kernels.quant.Q3_KDecoder}. */
final class Q3_KFormat extends GroupFormat {
  private static final byte TWO_BITS = 0x03;
  private static final byte CENTRE = 4;
  private static final int LOWEST_OF_BYTES = 0x0101_0101;
  private static final int LOWEST_TWO = 0x0303_0303;
  private static final long LOW_NIBBLES = 0x0F0F_0F0F_0F0F_0F0FL;
  private static final long SCALE_CENTRE = 0x2020_2020_2020_2020L;

  Q3_KFormat(ThreadLocal<Unpacked> scratch) {
    super(scratch, TensorType.Q3_K, 16, false);
  }

  @Override
  void unpack(MemorySegment w, long at, int blocks, Unpacked to) {
    long from = at;
    for (int b = 0; b < blocks; b++, from += BLOCK_BYTES) {
      unpackScales(w, from, b, to);
      to.halves[b] = w.get(LittleEndian.SHORT, from + 108);
      for (int half = 0; half < 2; half++) {
        for (int i = 0; i < 32; i += WIDE_BYTES) {
          IntVector high =
              ByteVector.fromMemorySegment(WIDE, w, from + i, LITTLE_ENDIAN)
                  .reinterpretAsInts()
                  .lanewise(LSHR, 4 * half);
          IntVector fours =
              ByteVector.fromMemorySegment(WIDE, w, from + 32 + 32L * half + i, LITTLE_ENDIAN)
                  .reinterpretAsInts();
          int code = BLOCK_SIZE * b + 128 * half + i;
          for (int k = 0; k < 4; k++) {
            ByteVector lowBits = fours.lanewise(LSHR, 2 * k).reinterpretAsBytes().and(TWO_BITS);
            ByteVector highBit =
                high.lanewise(LSHR, k).and(LOWEST_OF_BYTES).lanewise(LSHL, 2).reinterpretAsBytes();
            lowBits.or(highBit).sub(CENTRE).intoArray(to.codes, code + 32 * k);
          }
        }
      }
    }
    to.scalesFromCodes(blocks, 16);
  }

  private static void unpackScales(MemorySegment w, long from, int b, Unpacked to) {
    long low = w.get(LittleEndian.LONG, from + 96);
    int high = w.get(LittleEndian.INT, from + 104);
    LONGS.set(
        to.scaleCodes,
        16 * b,
        scales(low & LOW_NIBBLES, high & LOWEST_TWO, (high >>> 2) & LOWEST_TWO));
    LONGS.set(
        to.scaleCodes,
        16 * b + 8,
        scales((low >>> 4) & LOW_NIBBLES, (high >>> 4) & LOWEST_TWO, (high >>> 6) & LOWEST_TWO));
  }

  /** Eight scales, from their bits 0 to 3 and, for four of them each, bits 4 and 5. */
  private static long scales(long bits, int firstFour, int lastFour) {
    return subtractBytes(bits | ((long) firstFour << 4) | ((long) lastFour << 36), SCALE_CENTRE);
  }
}
