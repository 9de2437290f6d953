package dev.chaski.kernels.cpu;

import dev.chaski.kernels.quant.LittleEndian;
import dev.chaski.kernels.quant.Q8_0Decoder;
import dev.chaski.kernels.quant.Q8_0Encoder;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Keys of one head in one block of a {@code Q8_0} cache. A group is 32 neighbouring values of one
 * position, as in ggml's {@code block_q8_0}, and has the same scale and codes; but codes and scales
 * lie apart, so that neighbouring positions are neighbours here too:
 *
 * <pre>
 * int8 codes[headDim][BLOCK]
 * f16  scales[headDim / 32][BLOCK]
 * </pre>
 */
public final class QuantizedKeys {
  /** Values that share a scale. */
  public static final int GROUP = Q8_0Decoder.BLOCK_SIZE;

  private static final int BLOCK = CpuKvSlab.BLOCK;

  private QuantizedKeys() {}

  /** Where the scale of a group of a position is. */
  public static long scaleOffset(int headDim, int group, int position) {
    return (long) headDim * BLOCK + 2L * (group * BLOCK + position);
  }

  /** Stores {@code src[at .. at + headDim)} as the keys of one position of the block. */
  static void store(MemorySegment keys, int position, int headDim, float[] src, int at) {
    byte[] rows = new byte[headDim / GROUP * Q8_0Decoder.BLOCK_BYTES];
    MemorySegment row = MemorySegment.ofArray(rows);
    new Q8_0Encoder().encode(src, at, row, 0, headDim);
    for (int group = 0; group < headDim / GROUP; group++) {
      int from = group * Q8_0Decoder.BLOCK_BYTES;
      keys.set(
          LittleEndian.SHORT,
          scaleOffset(headDim, group, position),
          row.get(LittleEndian.SHORT, from));
      for (int i = 0; i < GROUP; i++) {
        long to = (long) (group * GROUP + i) * BLOCK + position;
        keys.set(ValueLayout.JAVA_BYTE, to, rows[from + 2 + i]);
      }
    }
  }

  /** Decodes all keys of the block, to (headDim, BLOCK). */
  static void decode(MemorySegment keys, int headDim, float[] to) {
    for (int i = 0; i < headDim; i++) {
      for (int p = 0; p < BLOCK; p++) {
        float scale = LittleEndian.half(keys, scaleOffset(headDim, i / GROUP, p));
        to[i * BLOCK + p] = scale * keys.get(ValueLayout.JAVA_BYTE, (long) i * BLOCK + p);
      }
    }
  }
}
