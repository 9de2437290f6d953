package dev.chaski.kernels.vector;

import static dev.chaski.kernels.quant.Q5_0Decoder.BLOCK_BYTES;
import static dev.chaski.kernels.quant.Q5_0Decoder.BLOCK_SIZE;
import static dev.chaski.kernels.vector.PackedBytes.BIT_OF_LANE;
import static dev.chaski.kernels.vector.PackedBytes.BYTES_0_1;
import static dev.chaski.kernels.vector.PackedBytes.BYTES_2_3;
import static dev.chaski.kernels.vector.PackedBytes.FIFTH_BIT;
import static dev.chaski.kernels.vector.PackedBytes.HALF;
import static dev.chaski.kernels.vector.PackedBytes.HALF_INTS;
import static dev.chaski.kernels.vector.PackedBytes.NIBBLE;
import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static jdk.incubator.vector.VectorOperators.EQ;
import static jdk.incubator.vector.VectorOperators.LSHR;

import dev.chaski.kernels.TensorType;
import dev.chaski.kernels.quant.LittleEndian;
import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.IntVector;

/**
 * {@code Q5_0} weights; the layout is drawn at {@link dev.chaski.kernels.quant.Q5_0Decoder}. Where
 * the fifth bit is missing, 16 is subtracted.
 */
final class Q5_0Format extends GroupFormat {
  Q5_0Format(ThreadLocal<Unpacked> scratch) {
    super(scratch, TensorType.Q5_0, 32, false);
  }

  @Override
  void unpack(MemorySegment w, long at, int blocks, Unpacked to) {
    long from = at;
    for (int b = 0; b < blocks; b++, from += BLOCK_BYTES) {
      to.halves[b] = w.get(LittleEndian.SHORT, from);
      ByteVector pairs = ByteVector.fromMemorySegment(HALF, w, from + 6, LITTLE_ENDIAN);
      ByteVector low = pairs.and(NIBBLE);
      ByteVector high =
          pairs.reinterpretAsInts().lanewise(LSHR, 4).reinterpretAsBytes().and(NIBBLE);
      ByteVector bits =
          IntVector.broadcast(HALF_INTS, w.get(LittleEndian.INT, from + 2)).reinterpretAsBytes();
      ByteVector lowBit = bits.rearrange(BYTES_0_1).and(BIT_OF_LANE);
      ByteVector highBit = bits.rearrange(BYTES_2_3).and(BIT_OF_LANE);
      low = low.sub(FIFTH_BIT, lowBit.compare(EQ, 0));
      high = high.sub(FIFTH_BIT, highBit.compare(EQ, 0));
      low.intoArray(to.codes, b * BLOCK_SIZE);
      high.intoArray(to.codes, b * BLOCK_SIZE + BLOCK_SIZE / 2);
    }
    to.scalesFromHalves(blocks);
  }
}
