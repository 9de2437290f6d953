package dev.chaski.kernels.vector;

import static dev.chaski.kernels.quant.IQ2_XSDecoder.BLOCK_BYTES;
import static dev.chaski.kernels.quant.IQ2_XSDecoder.BLOCK_SIZE;

import dev.chaski.kernels.TensorType;
import dev.chaski.kernels.quant.IqGrid;
import dev.chaski.kernels.quant.LittleEndian;
import java.lang.foreign.MemorySegment;

/**
 * {@code IQ2_XS} weights; the layout is drawn at {@link dev.chaski.kernels.quant.IQ2_XSDecoder}.
 * Points are taken from the table as whole octets.
 */
final class IQ2_XSFormat extends GroupFormat {
  IQ2_XSFormat(ThreadLocal<Unpacked> scratch) {
    super(scratch, TensorType.IQ2_XS, 16, false);
  }

  @Override
  void unpack(MemorySegment w, long at, int blocks, Unpacked to) {
    long from = at;
    for (int b = 0; b < blocks; b++, from += BLOCK_BYTES) {
      float d = LittleEndian.half(w, from);
      for (int g = 0; g < 16; g++) {
        int nibble = (LittleEndian.unsignedByte(w, from + 66 + g / 2) >> (4 * (g % 2))) & 0x0F;
        to.scales[16 * b + g] = d * (nibble + 0.5f) * 0.25f;
      }
      for (int k = 0; k < 32; k++) {
        int indexAndSigns = LittleEndian.unsignedShort(w, from + 2 + 2L * k);
        long point = IqGrid.IQ2_XS.point(indexAndSigns & 0x1FF);
        to.setSigned(BLOCK_SIZE * b + 8 * k, point, IqGrid.evenSigns(indexAndSigns >> 9));
      }
    }
  }
}
