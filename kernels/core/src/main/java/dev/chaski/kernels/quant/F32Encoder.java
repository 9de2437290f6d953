package dev.chaski.kernels.quant;

import java.lang.foreign.MemorySegment;

/** Writes what {@link F32Decoder} reads: the values as they are. */
public final class F32Encoder implements BlockEncoder {
  /** An encoder has no state. */
  public F32Encoder() {}

  @Override
  public void encode(float[] src, int srcOffset, MemorySegment dst, long dstOffset, int count) {
    MemorySegment.copy(src, srcOffset, dst, LittleEndian.FLOAT, dstOffset, count);
  }
}
