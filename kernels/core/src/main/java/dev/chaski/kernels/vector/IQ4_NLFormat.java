package dev.chaski.kernels.vector;

import static dev.chaski.kernels.quant.IQ4_NLDecoder.BLOCK_BYTES;
import static dev.chaski.kernels.quant.IQ4_NLDecoder.BLOCK_SIZE;
import static dev.chaski.kernels.vector.PackedBytes.HALF;
import static dev.chaski.kernels.vector.PackedBytes.LEVELS;
import static dev.chaski.kernels.vector.PackedBytes.NIBBLE;
import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static jdk.incubator.vector.VectorOperators.LSHR;

import dev.chaski.kernels.TensorType;
import dev.chaski.kernels.quant.LittleEndian;
import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.ByteVector;

/**
 * {@code IQ4_NL} weights; the layout is drawn at {@link dev.chaski.kernels.quant.IQ4_NLDecoder}.
 * Codes become levels by a table of 16 bytes, which is one register.
 */
final class IQ4_NLFormat extends GroupFormat {
  IQ4_NLFormat(ThreadLocal<Unpacked> scratch) {
    super(scratch, TensorType.IQ4_NL, 32, false);
  }

  @Override
  void unpack(MemorySegment w, long at, int blocks, Unpacked to) {
    long from = at;
    for (int b = 0; b < blocks; b++, from += BLOCK_BYTES) {
      to.halves[b] = w.get(LittleEndian.SHORT, from);
      ByteVector pairs = ByteVector.fromMemorySegment(HALF, w, from + 2, LITTLE_ENDIAN);
      pairs.and(NIBBLE).selectFrom(LEVELS).intoArray(to.codes, BLOCK_SIZE * b);
      pairs
          .reinterpretAsInts()
          .lanewise(LSHR, 4)
          .reinterpretAsBytes()
          .and(NIBBLE)
          .selectFrom(LEVELS)
          .intoArray(to.codes, BLOCK_SIZE * b + BLOCK_SIZE / 2);
    }
    to.scalesFromHalves(blocks);
  }
}
