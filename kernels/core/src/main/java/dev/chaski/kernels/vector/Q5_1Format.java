package dev.chaski.kernels.vector;

import static dev.chaski.kernels.quant.Q5_1Decoder.BLOCK_BYTES;
import static dev.chaski.kernels.quant.Q5_1Decoder.BLOCK_SIZE;
import static dev.chaski.kernels.vector.PackedBytes.BIT_OF_LANE;
import static dev.chaski.kernels.vector.PackedBytes.BYTES_0_1;
import static dev.chaski.kernels.vector.PackedBytes.BYTES_2_3;
import static dev.chaski.kernels.vector.PackedBytes.FIFTH_BIT;
import static dev.chaski.kernels.vector.PackedBytes.HALF;
import static dev.chaski.kernels.vector.PackedBytes.HALF_INTS;
import static dev.chaski.kernels.vector.PackedBytes.NIBBLE;
import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static jdk.incubator.vector.VectorOperators.LSHR;
import static jdk.incubator.vector.VectorOperators.NE;

import dev.chaski.kernels.TensorType;
import dev.chaski.kernels.quant.LittleEndian;
import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.IntVector;

/**
 * {@code Q5_1} weights; the layout is drawn at {@link dev.chaski.kernels.quant.Q5_1Decoder}. The
 * fifth bit is added where it is set.
 */
final class Q5_1Format extends GroupFormat {
  Q5_1Format(ThreadLocal<Unpacked> scratch) {
    super(scratch, TensorType.Q5_1, 32, true);
  }

  @Override
  void unpack(MemorySegment w, long at, int blocks, Unpacked to) {
    long from = at;
    for (int b = 0; b < blocks; b++, from += BLOCK_BYTES) {
      to.halves[b] = w.get(LittleEndian.SHORT, from);
      to.minHalves[b] = w.get(LittleEndian.SHORT, from + 2);
      ByteVector pairs = ByteVector.fromMemorySegment(HALF, w, from + 8, LITTLE_ENDIAN);
      ByteVector low = pairs.and(NIBBLE);
      ByteVector high =
          pairs.reinterpretAsInts().lanewise(LSHR, 4).reinterpretAsBytes().and(NIBBLE);
      ByteVector bits =
          IntVector.broadcast(HALF_INTS, w.get(LittleEndian.INT, from + 4)).reinterpretAsBytes();
      ByteVector lowBit = bits.rearrange(BYTES_0_1).and(BIT_OF_LANE);
      ByteVector highBit = bits.rearrange(BYTES_2_3).and(BIT_OF_LANE);
      low = low.add(FIFTH_BIT, lowBit.compare(NE, 0));
      high = high.add(FIFTH_BIT, highBit.compare(NE, 0));
      low.intoArray(to.codes, b * BLOCK_SIZE);
      high.intoArray(to.codes, b * BLOCK_SIZE + BLOCK_SIZE / 2);
    }
    to.scalesFromHalves(blocks);
    to.minsFromNegatedHalves(blocks);
  }
}
