package dev.chaski.kernels.quant;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * {@code Q8_0} (ggml {@code block_q8_0}): 32 values in 34 bytes, {@code value[i] = d * q[i]}.
 *
 * <pre>
 * byte  0..1   d   F16 scale
 *       2..33  q   32 signed bytes, q[i] at byte 2 + i
 * </pre>
 */
public final class Q8_0Decoder implements BlockDecoder {
  public static final int BLOCK_SIZE = 32;
  public static final int BLOCK_BYTES = 34;

  /** A decoder has no state. */
  public Q8_0Decoder() {}

  @Override
  public void decode(MemorySegment src, long offset, float[] dst, int dstOffset, int count) {
    for (int block = 0; block < count / BLOCK_SIZE; block++) {
      long at = offset + (long) block * BLOCK_BYTES;
      int to = dstOffset + block * BLOCK_SIZE;
      float d = LittleEndian.half(src, at);
      for (int i = 0; i < BLOCK_SIZE; i++) {
        dst[to + i] = d * src.get(ValueLayout.JAVA_BYTE, at + 2 + i);
      }
    }
  }
}
