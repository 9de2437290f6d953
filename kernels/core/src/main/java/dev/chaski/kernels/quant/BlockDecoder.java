package dev.chaski.kernels.quant;

import java.lang.foreign.MemorySegment;

/**
 * Turns the stored form of one tensor type into floats: the specification every faster kernel is
 * tested against. Stateless and safe to share.
 */
public interface BlockDecoder {
  /**
   * Decodes {@code count} consecutive values.
   *
   * @param src little-endian bytes of the tensor
   * @param offset byte offset of the first block in {@code src}; need not be aligned
   * @param dst receives the values
   * @param dstOffset index in {@code dst} of the first value
   * @param count number of values, a multiple of the type's block size
   * @throws IndexOutOfBoundsException if the blocks or the values do not fit
   */
  void decode(MemorySegment src, long offset, float[] dst, int dstOffset, int count);
}
