package dev.chaski.kernels.quant;

import java.lang.foreign.MemorySegment;

/**
 * Writes what {@link Q4_KDecoder} reads, with scales and minimums of least squared error (ggml
 * {@code quantize_row_q4_K_ref}).
 */
public final class Q4_KEncoder implements BlockEncoder {
  private static final int BLOCK_SIZE = Q4_KDecoder.BLOCK_SIZE;
  private static final int LARGEST_CODE = 15;

  /** An encoder has no state. */
  public Q4_KEncoder() {}

  @Override
  public void encode(float[] src, int srcOffset, MemorySegment dst, long dstOffset, int count) {
    var superBlock = new AffineSuperBlock(LARGEST_CODE, new AffineFit(LARGEST_CODE, -1, 21));
    for (int block = 0; block < count / BLOCK_SIZE; block++) {
      long at = dstOffset + (long) block * Q4_KDecoder.BLOCK_BYTES;
      int[] codes = superBlock.encode(src, srcOffset + block * BLOCK_SIZE, dst, at);
      for (int k = 0; k < 4; k++) {
        Nibbles.write(codes, 64 * k, 32, dst, at + 16 + 32L * k);
      }
    }
  }
}
