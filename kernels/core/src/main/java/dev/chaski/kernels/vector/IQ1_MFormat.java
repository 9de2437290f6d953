package dev.chaski.kernels.vector;

import static dev.chaski.kernels.quant.IQ1_MDecoder.BLOCK_BYTES;
import static dev.chaski.kernels.quant.IQ1_MDecoder.BLOCK_SIZE;

import dev.chaski.kernels.TensorType;
import dev.chaski.kernels.quant.IQ1_MDecoder;
import dev.chaski.kernels.quant.IqGrid;
import dev.chaski.kernels.quant.LittleEndian;
import java.lang.foreign.MemorySegment;

/**
 * {@code IQ1_M} weights; the layout is drawn at {@link dev.chaski.kernels.quant.IQ1_MDecoder}. All
 * is counted in eighths, of which the shift is one.
 */
final class IQ1_MFormat extends GroupFormat {
  IQ1_MFormat(ThreadLocal<Unpacked> scratch) {
    super(scratch, TensorType.IQ1_M, 16, false);
  }

  @Override
  void unpack(MemorySegment w, long at, int blocks, Unpacked to) {
    long from = at;
    for (int b = 0; b < blocks; b++, from += BLOCK_BYTES) {
      float d = IQ1_MDecoder.superScale(w, from);
      long scales = w.get(LittleEndian.LONG, from + 48);
      for (int g = 0; g < 16; g++) {
        int scale = (int) (scales >>> (16 * (g / 4) + 3 * (g % 4))) & 7;
        to.scales[16 * b + g] = d * (2 * scale + 1) * 0.125f;
        int low = LittleEndian.unsignedShort(w, from + 2L * g);
        int pair = LittleEndian.unsignedByte(w, from + 32 + g);
        int code = BLOCK_SIZE * b + 16 * g;
        long first = IqGrid.IQ1_S.point((low & 0xFF) | ((pair & 0x07) << 8));
        to.setShifted(code, first, (pair & 0x08) != 0);
        long second = IqGrid.IQ1_S.point((low >> 8) | ((pair & 0x70) << 4));
        to.setShifted(code + 8, second, (pair & 0x80) != 0);
      }
    }
  }
}
