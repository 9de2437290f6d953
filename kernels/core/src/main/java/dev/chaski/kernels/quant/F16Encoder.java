package dev.chaski.kernels.quant;

import java.lang.foreign.MemorySegment;

/** Writes what {@link F16Decoder} reads, rounding to the nearest, ties to even. */
public final class F16Encoder implements BlockEncoder {
  /** An encoder has no state. */
  public F16Encoder() {}

  @Override
  public void encode(float[] src, int srcOffset, MemorySegment dst, long dstOffset, int count) {
    for (int i = 0; i < count; i++) {
      short half = Float.floatToFloat16(src[srcOffset + i]);
      dst.set(LittleEndian.SHORT, dstOffset + 2L * i, half);
    }
  }
}
