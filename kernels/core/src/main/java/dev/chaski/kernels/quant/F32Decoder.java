package dev.chaski.kernels.quant;

import java.lang.foreign.MemorySegment;

/** {@code F32}: IEEE 754 binary32, 4 bytes a value. */
public final class F32Decoder implements BlockDecoder {
  /** A decoder has no state. */
  public F32Decoder() {}

  @Override
  public void decode(MemorySegment src, long offset, float[] dst, int dstOffset, int count) {
    MemorySegment.copy(src, LittleEndian.FLOAT, offset, dst, dstOffset, count);
  }
}
