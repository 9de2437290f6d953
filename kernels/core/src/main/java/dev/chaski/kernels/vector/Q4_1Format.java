package dev.chaski.kernels.vector;

import static dev.chaski.kernels.quant.Q4_1Decoder.BLOCK_BYTES;
import static dev.chaski.kernels.quant.Q4_1Decoder.BLOCK_SIZE;
import static dev.chaski.kernels.vector.PackedBytes.HALF;
import static dev.chaski.kernels.vector.PackedBytes.NIBBLE;
import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static jdk.incubator.vector.VectorOperators.LSHR;

import dev.chaski.kernels.TensorType;
import dev.chaski.kernels.quant.LittleEndian;
import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.ByteVector;

/**
 * {@code Q4_1} weights; the layout is drawn at {@link dev.chaski.kernels.quant.Q4_1Decoder}. Its
 * minimum is added.
 */
final class Q4_1Format extends GroupFormat {
  Q4_1Format(ThreadLocal<Unpacked> scratch) {
    super(scratch, TensorType.Q4_1, 32, true);
  }

  @Override
  void unpack(MemorySegment w, long at, int blocks, Unpacked to) {
    long from = at;
    for (int b = 0; b < blocks; b++, from += BLOCK_BYTES) {
      to.halves[b] = w.get(LittleEndian.SHORT, from);
      to.minHalves[b] = w.get(LittleEndian.SHORT, from + 2);
      ByteVector pairs = ByteVector.fromMemorySegment(HALF, w, from + 4, LITTLE_ENDIAN);
      ByteVector low = pairs.and(NIBBLE);
      ByteVector high =
          pairs.reinterpretAsInts().lanewise(LSHR, 4).reinterpretAsBytes().and(NIBBLE);
      low.intoArray(to.codes, b * BLOCK_SIZE);
      high.intoArray(to.codes, b * BLOCK_SIZE + BLOCK_SIZE / 2);
    }
    to.scalesFromHalves(blocks);
    to.minsFromNegatedHalves(blocks);
  }
}
