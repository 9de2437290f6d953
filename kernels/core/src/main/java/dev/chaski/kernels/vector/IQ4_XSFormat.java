package dev.chaski.kernels.vector;

import static dev.chaski.kernels.quant.IQ4_XSDecoder.BLOCK_BYTES;
import static dev.chaski.kernels.quant.IQ4_XSDecoder.BLOCK_SIZE;
import static dev.chaski.kernels.vector.PackedBytes.HALF;
import static dev.chaski.kernels.vector.PackedBytes.LEVELS;
import static dev.chaski.kernels.vector.PackedBytes.NIBBLE;
import static dev.chaski.kernels.vector.Unpacked.LONGS;
import static dev.chaski.kernels.vector.Unpacked.subtractBytes;
import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static jdk.incubator.vector.VectorOperators.LSHR;

import dev.chaski.kernels.TensorType;
import dev.chaski.kernels.quant.LittleEndian;
import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.ByteVector;

/**
 * {@code IQ4_XS} weights; the layout is drawn at {@link dev.chaski.kernels.quant.IQ4_XSDecoder}.
 */
final class IQ4_XSFormat extends GroupFormat {
  private static final long CENTRE = 0x2020_2020_2020_2020L;

  IQ4_XSFormat(ThreadLocal<Unpacked> scratch) {
    super(scratch, TensorType.IQ4_XS, 32, false);
  }

  @Override
  void unpack(MemorySegment w, long at, int blocks, Unpacked to) {
    long from = at;
    for (int b = 0; b < blocks; b++, from += BLOCK_BYTES) {
      long head = w.get(LittleEndian.LONG, from);
      to.halves[b] = (short) head;
      LONGS.set(to.scaleCodes, 8 * b, scales((int) (head >>> 32), (int) (head >>> 16) & 0xFFFF));
      for (int group = 0; group < 8; group++) {
        ByteVector pairs =
            ByteVector.fromMemorySegment(HALF, w, from + 8 + 16L * group, LITTLE_ENDIAN);
        int code = BLOCK_SIZE * b + 32 * group;
        pairs.and(NIBBLE).selectFrom(LEVELS).intoArray(to.codes, code);
        pairs
            .reinterpretAsInts()
            .lanewise(LSHR, 4)
            .reinterpretAsBytes()
            .and(NIBBLE)
            .selectFrom(LEVELS)
            .intoArray(to.codes, code + 16);
      }
    }
    to.scalesFromCodes(blocks, 8);
  }

  /** Spreads eight nibbles and eight pairs of bits over the bytes of a long. */
  private static long scales(int nibbles, int pairs) {
    long low = Integer.toUnsignedLong(nibbles);
    low = (low | (low << 16)) & 0x0000_FFFF_0000_FFFFL;
    low = (low | (low << 8)) & 0x00FF_00FF_00FF_00FFL;
    low = (low | (low << 4)) & 0x0F0F_0F0F_0F0F_0F0FL;
    long high = pairs;
    high = (high | (high << 24)) & 0x0000_00FF_0000_00FFL;
    high = (high | (high << 12)) & 0x000F_000F_000F_000FL;
    high = (high | (high << 6)) & 0x0303_0303_0303_0303L;
    return subtractBytes(low | (high << 4), CENTRE);
  }
}
