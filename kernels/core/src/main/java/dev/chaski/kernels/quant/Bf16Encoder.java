package dev.chaski.kernels.quant;

import java.lang.foreign.MemorySegment;

/** Writes what {@link Bf16Decoder} reads, rounding to the nearest, ties to even. */
public final class Bf16Encoder implements BlockEncoder {
  private static final int QUIET_NAN_BIT = 0x40;

  /** An encoder has no state. */
  public Bf16Encoder() {}

  @Override
  public void encode(float[] src, int srcOffset, MemorySegment dst, long dstOffset, int count) {
    for (int i = 0; i < count; i++) {
      dst.set(LittleEndian.SHORT, dstOffset + 2L * i, round(src[srcOffset + i]));
    }
  }

  private static short round(float value) {
    int bits = Float.floatToRawIntBits(value);
    if (Float.isNaN(value)) {
      // Its upper half alone could be an infinity.
      return (short) ((bits >>> 16) | QUIET_NAN_BIT);
    }
    int lastKeptBit = (bits >>> 16) & 1;
    return (short) ((bits + 0x7FFF + lastKeptBit) >>> 16);
  }
}
