package dev.chaski.kernels.quant;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * {@code F8_E4M3} of safetensors (E4M3FN of OCP 8-bit Floating Point v1.0), one byte a value; see
 * {@link Float8}. The checkpoint's scales are not part of the value: whoever knows them multiplies.
 */
public final class F8E4m3Decoder implements BlockDecoder {
  /** A decoder has no state. */
  public F8E4m3Decoder() {}

  @Override
  public void decode(MemorySegment src, long offset, float[] dst, int dstOffset, int count) {
    for (int i = 0; i < count; i++) {
      dst[dstOffset + i] = Float8.e4m3ToFloat(src.get(ValueLayout.JAVA_BYTE, offset + i));
    }
  }
}
