package dev.chaski.kernels.quant;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * {@code Q4_0} (ggml {@code block_q4_0}): 32 values in 18 bytes, {@code value[i] = d * (q[i] - 8)}.
 *
 * <pre>
 * byte  0..1   d   F16 scale
 *       2..17  q   32 nibbles: byte 2 + i holds q[i] (low) and q[i + 16] (high), i = 0..15
 * </pre>
 */
public final class Q4_0Decoder implements BlockDecoder {
  public static final int BLOCK_SIZE = 32;
  public static final int BLOCK_BYTES = 18;

  /** A decoder has no state. */
  public Q4_0Decoder() {}

  @Override
  public void decode(MemorySegment src, long offset, float[] dst, int dstOffset, int count) {
    for (int block = 0; block < count / BLOCK_SIZE; block++) {
      long at = offset + (long) block * BLOCK_BYTES;
      int to = dstOffset + block * BLOCK_SIZE;
      float d = LittleEndian.half(src, at);
      for (int i = 0; i < BLOCK_SIZE / 2; i++) {
        int pair = src.get(ValueLayout.JAVA_BYTE, at + 2 + i);
        dst[to + i] = d * ((pair & 0x0F) - 8);
        dst[to + i + 16] = d * (((pair >> 4) & 0x0F) - 8);
      }
    }
  }
}
