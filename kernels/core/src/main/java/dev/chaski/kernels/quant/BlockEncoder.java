package dev.chaski.kernels.quant;

import java.lang.foreign.MemorySegment;

/**
 * Turns floats into the stored form of one tensor type, rounding as ggml's reference quantizers
 * ({@code quantize_row_*_ref}) do; the inverse of a {@link BlockDecoder} as far as the type allows.
 * Stateless and safe to share.
 */
public interface BlockEncoder {
  /**
   * Encodes {@code count} consecutive values. Those beyond what a block can express become its
   * largest ones, so that whatever is written decodes to finite numbers.
   *
   * @param src the values
   * @param srcOffset index in {@code src} of the first value
   * @param dst receives the little-endian blocks
   * @param dstOffset byte offset of the first block in {@code dst}; need not be aligned
   * @param count number of values, a multiple of the type's block size
   * @throws IllegalArgumentException if a value is infinite or NaN and the type shares scales
   *     between values (all but F32, F16 and BF16, which store such values; the latter two overflow
   *     to infinity)
   * @throws IndexOutOfBoundsException if the values or the blocks do not fit
   */
  void encode(float[] src, int srcOffset, MemorySegment dst, long dstOffset, int count);
}
