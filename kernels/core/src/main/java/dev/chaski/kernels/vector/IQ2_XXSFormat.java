package dev.chaski.kernels.vector;

import static dev.chaski.kernels.quant.IQ2_XXSDecoder.BLOCK_BYTES;
import static dev.chaski.kernels.quant.IQ2_XXSDecoder.BLOCK_SIZE;

import dev.chaski.kernels.TensorType;
import dev.chaski.kernels.quant.IqGrid;
import dev.chaski.kernels.quant.LittleEndian;
import java.lang.foreign.MemorySegment;

/**
 * {@code IQ2_XXS} weights; the layout is drawn at {@link dev.chaski.kernels.quant.IQ2_XXSDecoder}.
 * Points are taken from the table as whole octets.
 */
final class IQ2_XXSFormat extends GroupFormat {
  IQ2_XXSFormat(ThreadLocal<Unpacked> scratch) {
    super(scratch, TensorType.IQ2_XXS, 32, false);
  }

  @Override
  void unpack(MemorySegment w, long at, int blocks, Unpacked to) {
    long from = at;
    for (int b = 0; b < blocks; b++, from += BLOCK_BYTES) {
      float d = LittleEndian.half(w, from);
      for (int g = 0; g < 8; g++) {
        int indices = w.get(LittleEndian.INT, from + 2 + 8L * g);
        int signsAndScale = w.get(LittleEndian.INT, from + 6 + 8L * g);
        to.scales[8 * b + g] = d * ((signsAndScale >>> 28) + 0.5f) * 0.25f;
        for (int k = 0; k < 4; k++) {
          long point = IqGrid.IQ2_XXS.point((indices >>> (8 * k)) & 0xFF);
          int signs = IqGrid.evenSigns((signsAndScale >>> (7 * k)) & 0x7F);
          to.setSigned(BLOCK_SIZE * b + 32 * g + 8 * k, point, signs);
        }
      }
    }
  }
}
