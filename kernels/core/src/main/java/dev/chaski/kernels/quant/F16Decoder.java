package dev.chaski.kernels.quant;

import java.lang.foreign.MemorySegment;

/** {@code F16}: IEEE 754 binary16, 2 bytes a value; every value is a float exactly. */
public final class F16Decoder implements BlockDecoder {
  /** A decoder has no state. */
  public F16Decoder() {}

  @Override
  public void decode(MemorySegment src, long offset, float[] dst, int dstOffset, int count) {
    for (int i = 0; i < count; i++) {
      dst[dstOffset + i] = LittleEndian.half(src, offset + 2L * i);
    }
  }
}
