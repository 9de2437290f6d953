package dev.chaski.kernels.quant;

import java.lang.foreign.MemorySegment;

/** {@code BF16}: the upper 16 bits of an IEEE 754 binary32, 2 bytes a value. */
public final class Bf16Decoder implements BlockDecoder {
  /** A decoder has no state. */
  public Bf16Decoder() {}

  @Override
  public void decode(MemorySegment src, long offset, float[] dst, int dstOffset, int count) {
    for (int i = 0; i < count; i++) {
      dst[dstOffset + i] = Float.intBitsToFloat(src.get(LittleEndian.SHORT, offset + 2L * i) << 16);
    }
  }
}
