package dev.chaski.kernels.vector;

import static dev.chaski.kernels.quant.TQ2_0Decoder.BLOCK_BYTES;
import static dev.chaski.kernels.quant.TQ2_0Decoder.BLOCK_SIZE;
import static dev.chaski.kernels.vector.PackedBytes.WIDE;
import static dev.chaski.kernels.vector.PackedBytes.WIDE_BYTES;
import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static jdk.incubator.vector.VectorOperators.LSHR;

import dev.chaski.kernels.TensorType;
import dev.chaski.kernels.quant.LittleEndian;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.IntVector;

/**
 * {@code TQ2_0} weights; the layout is drawn at {@link dev.chaski.kernels.quant.TQ2_0Decoder}. One
 * scale serves all groups.
 */
final class TQ2_0Format extends GroupFormat {
  private static final byte TWO_BITS = 0x03;
  private static final byte CENTRE = 1;

  TQ2_0Format(ThreadLocal<Unpacked> scratch) {
    super(scratch, TensorType.TQ2_0, 32, false);
  }

  @Override
  void unpack(MemorySegment w, long at, int blocks, Unpacked to) {
    long from = at;
    for (int b = 0; b < blocks; b++, from += BLOCK_BYTES) {
      Arrays.fill(to.scales, 8 * b, 8 * b + 8, LittleEndian.half(w, from + 64));
      for (int half = 0; half < 2; half++) {
        for (int i = 0; i < 32; i += WIDE_BYTES) {
          IntVector fours =
              ByteVector.fromMemorySegment(WIDE, w, from + 32L * half + i, LITTLE_ENDIAN)
                  .reinterpretAsInts();
          for (int k = 0; k < 4; k++) {
            fours
                .lanewise(LSHR, 2 * k)
                .reinterpretAsBytes()
                .and(TWO_BITS)
                .sub(CENTRE)
                .intoArray(to.codes, BLOCK_SIZE * b + 128 * half + 32 * k + i);
          }
        }
      }
    }
  }
}
