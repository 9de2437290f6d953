package dev.chaski.kernels.vector;

import static dev.chaski.kernels.quant.TQ1_0Decoder.BLOCK_BYTES;
import static dev.chaski.kernels.quant.TQ1_0Decoder.BLOCK_SIZE;

import dev.chaski.kernels.TensorType;
import dev.chaski.kernels.quant.LittleEndian;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * {@code TQ1_0} weights; the layout is drawn at {@link dev.chaski.kernels.quant.TQ1_0Decoder}.
 * Digits are taken off four bytes at a time, which lie in the 16-bit fields of a long. One scale
 * serves all groups.
 */
final class TQ1_0Format extends GroupFormat {
  private static final long FIELDS = 0x00FF_00FF_00FF_00FFL;
  private static final int CENTRE = 0x0101_0101;

  TQ1_0Format(ThreadLocal<Unpacked> scratch) {
    super(scratch, TensorType.TQ1_0, 32, false);
  }

  @Override
  void unpack(MemorySegment w, long at, int blocks, Unpacked to) {
    long from = at;
    for (int b = 0; b < blocks; b++, from += BLOCK_BYTES) {
      Arrays.fill(to.scales, 8 * b, 8 * b + 8, LittleEndian.half(w, from + 52));
      int code = BLOCK_SIZE * b;
      unpackDigits(w, from, 32, 5, to, code);
      unpackDigits(w, from + 32, 16, 5, to, code + 160);
      unpackDigits(w, from + 48, 4, 4, to, code + 240);
    }
  }

  private static void unpackDigits(
      MemorySegment w, long at, int bytes, int digits, Unpacked to, int code) {
    for (int i = 0; i < bytes; i += 4) {
      long four = Integer.toUnsignedLong(w.get(LittleEndian.INT, at + i));
      long rest = (four | (four << 16)) & 0x0000_FFFF_0000_FFFFL;
      rest = (rest | (rest << 8)) & FIELDS;
      for (int n = 0; n < digits; n++) {
        long next = rest * 3;
        long digit = (next >>> 8) & FIELDS;
        digit = (digit | (digit >>> 8)) & 0x0000_FFFF_0000_FFFFL;
        int packed = (int) (digit | (digit >>> 16));
        Unpacked.INTS.set(
            to.codes, code + n * bytes + i, (int) Unpacked.subtractBytes(packed, CENTRE));
        rest = next & FIELDS;
      }
    }
  }
}
