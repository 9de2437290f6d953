package dev.chaski.kernels.vector;

import static dev.chaski.kernels.quant.IQ2_SDecoder.BLOCK_BYTES;
import static dev.chaski.kernels.quant.IQ2_SDecoder.BLOCK_SIZE;

import dev.chaski.kernels.TensorType;
import dev.chaski.kernels.quant.IqGrid;
import dev.chaski.kernels.quant.LittleEndian;
import java.lang.foreign.MemorySegment;

/**
 * {@code IQ2_S} weights; the layout is drawn at {@link dev.chaski.kernels.quant.IQ2_SDecoder}.
 * Points are taken from the table as whole octets.
 */
final class IQ2_SFormat extends GroupFormat {
  IQ2_SFormat(ThreadLocal<Unpacked> scratch) {
    super(scratch, TensorType.IQ2_S, 16, false);
  }

  @Override
  void unpack(MemorySegment w, long at, int blocks, Unpacked to) {
    long from = at;
    for (int b = 0; b < blocks; b++, from += BLOCK_BYTES) {
      float d = LittleEndian.half(w, from);
      for (int g = 0; g < 16; g++) {
        int nibble = (LittleEndian.unsignedByte(w, from + 74 + g / 2) >> (4 * (g % 2))) & 0x0F;
        to.scales[16 * b + g] = d * (nibble + 0.5f) * 0.25f;
      }
      for (int k = 0; k < 32; k++) {
        int low = LittleEndian.unsignedByte(w, from + 2 + k);
        int high = (LittleEndian.unsignedByte(w, from + 66 + k / 4) >> (2 * (k % 4))) & 3;
        long point = IqGrid.IQ2_S.point(low | (high << 8));
        int signs = LittleEndian.unsignedByte(w, from + 34 + k);
        to.setSigned(BLOCK_SIZE * b + 8 * k, point, signs);
      }
    }
  }
}
