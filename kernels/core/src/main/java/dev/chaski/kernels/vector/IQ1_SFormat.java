package dev.chaski.kernels.vector;

import static dev.chaski.kernels.quant.IQ1_SDecoder.BLOCK_BYTES;
import static dev.chaski.kernels.quant.IQ1_SDecoder.BLOCK_SIZE;

import dev.chaski.kernels.TensorType;
import dev.chaski.kernels.quant.IqGrid;
import dev.chaski.kernels.quant.LittleEndian;
import java.lang.foreign.MemorySegment;

/**
 * {@code IQ1_S} weights; the layout is drawn at {@link dev.chaski.kernels.quant.IQ1_SDecoder}. All
 * is counted in eighths, of which the shift is one.
 */
final class IQ1_SFormat extends GroupFormat {
  IQ1_SFormat(ThreadLocal<Unpacked> scratch) {
    super(scratch, TensorType.IQ1_S, 32, false);
  }

  @Override
  void unpack(MemorySegment w, long at, int blocks, Unpacked to) {
    long from = at;
    for (int b = 0; b < blocks; b++, from += BLOCK_BYTES) {
      float d = LittleEndian.half(w, from);
      for (int g = 0; g < 8; g++) {
        int low = w.get(LittleEndian.INT, from + 2 + 4L * g);
        int header = LittleEndian.unsignedShort(w, from + 34 + 2L * g);
        to.scales[8 * b + g] = d * (2 * ((header >> 12) & 7) + 1) * 0.125f;
        for (int k = 0; k < 4; k++) {
          int index = ((low >>> (8 * k)) & 0xFF) | (((header >> (3 * k)) & 7) << 8);
          long point = IqGrid.IQ1_S.point(index);
          to.setShifted(BLOCK_SIZE * b + 32 * g + 8 * k, point, (header & 0x8000) != 0);
        }
      }
    }
  }
}
