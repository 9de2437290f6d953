package dev.chaski.kernels.quant;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Writes what {@link Q8_0Decoder} reads: the value farthest from zero becomes ±127, the others are
 * rounded to the nearest step, ties away from zero (ggml {@code quantize_row_q8_0_ref}).
 */
public final class Q8_0Encoder implements BlockEncoder {
  private static final int LARGEST_CODE = 127;

  /** An encoder has no state. */
  public Q8_0Encoder() {}

  @Override
  public void encode(float[] src, int srcOffset, MemorySegment dst, long dstOffset, int count) {
    float[] x = new float[Q8_0Decoder.BLOCK_SIZE];
    for (int block = 0; block < count / Q8_0Decoder.BLOCK_SIZE; block++) {
      Rounding.load(
          src, srcOffset + block * Q8_0Decoder.BLOCK_SIZE, LARGEST_CODE * Rounding.LARGEST_HALF, x);
      encodeBlock(x, dst, dstOffset + (long) block * Q8_0Decoder.BLOCK_BYTES);
    }
  }

  private static void encodeBlock(float[] x, MemorySegment dst, long at) {
    float largest = 0;
    for (float value : x) {
      largest = Math.max(largest, Math.abs(value));
    }
    float d = largest / LARGEST_CODE;
    float inverse = Rounding.inverse(d);
    dst.set(LittleEndian.SHORT, at, Rounding.half(d));
    for (int i = 0; i < x.length; i++) {
      float scaled = x[i] * inverse;
      // In double precision: adding 0.5 to the float below 0.5 would round up to 1.
      int code = (int) (scaled + Math.copySign(0.5, scaled));
      code = Math.clamp(code, -LARGEST_CODE, LARGEST_CODE);
      dst.set(ValueLayout.JAVA_BYTE, at + 2 + i, (byte) code);
    }
  }
}
