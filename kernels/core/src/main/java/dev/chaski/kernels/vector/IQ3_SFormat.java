package dev.chaski.kernels.vector;

import static dev.chaski.kernels.quant.IQ3_SDecoder.BLOCK_BYTES;
import static dev.chaski.kernels.quant.IQ3_SDecoder.BLOCK_SIZE;

import dev.chaski.kernels.TensorType;
import dev.chaski.kernels.quant.IqGrid;
import dev.chaski.kernels.quant.LittleEndian;
import java.lang.foreign.MemorySegment;

/**
 * {@code IQ3_S} weights; the layout is drawn at {@link dev.chaski.kernels.quant.IQ3_SDecoder}.
 * Points are taken from the table as whole quartets.
 */
final class IQ3_SFormat extends GroupFormat {
  IQ3_SFormat(ThreadLocal<Unpacked> scratch) {
    super(scratch, TensorType.IQ3_S, 32, false);
  }

  @Override
  void unpack(MemorySegment w, long at, int blocks, Unpacked to) {
    long from = at;
    for (int b = 0; b < blocks; b++, from += BLOCK_BYTES) {
      float d = LittleEndian.half(w, from);
      for (int g = 0; g < 8; g++) {
        int nibble = (LittleEndian.unsignedByte(w, from + 106 + g / 2) >> (4 * (g % 2))) & 0x0F;
        to.scales[8 * b + g] = d * (2 * nibble + 1);
        int ninthBits = LittleEndian.unsignedByte(w, from + 66 + g);
        for (int k = 0; k < 4; k++) {
          int low = LittleEndian.unsignedShort(w, from + 2 + 8L * g + 2L * k);
          int high = ninthBits >> (2 * k);
          long first = IqGrid.IQ3_S.point((low & 0xFF) | ((high & 1) << 8));
          long second = IqGrid.IQ3_S.point((low >> 8) | ((high & 2) << 7));
          int signs = LittleEndian.unsignedByte(w, from + 74 + 4L * g + k);
          to.setSigned(BLOCK_SIZE * b + 32 * g + 8 * k, first | (second << 32), signs);
        }
      }
    }
  }
}
