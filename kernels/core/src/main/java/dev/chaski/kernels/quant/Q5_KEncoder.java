package dev.chaski.kernels.quant;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Writes what {@link Q5_KDecoder} reads, with scales and minimums of least squared error (ggml
 * {@code quantize_row_q5_K_ref}).
 */
public final class Q5_KEncoder implements BlockEncoder {
  private static final int BLOCK_SIZE = Q5_KDecoder.BLOCK_SIZE;
  private static final int LARGEST_CODE = 31;

  /** An encoder has no state. */
  public Q5_KEncoder() {}

  @Override
  public void encode(float[] src, int srcOffset, MemorySegment dst, long dstOffset, int count) {
    var superBlock = new AffineSuperBlock(LARGEST_CODE, new AffineFit(LARGEST_CODE, -0.5f, 16));
    for (int block = 0; block < count / BLOCK_SIZE; block++) {
      long at = dstOffset + (long) block * Q5_KDecoder.BLOCK_BYTES;
      int[] codes = superBlock.encode(src, srcOffset + block * BLOCK_SIZE, dst, at);
      writeFifthBits(codes, dst, at + 16);
      for (int k = 0; k < 4; k++) {
        Nibbles.write(codes, 64 * k, 32, dst, at + 48 + 32L * k);
      }
    }
  }

  private static void writeFifthBits(int[] codes, MemorySegment dst, long at) {
    for (int i = 0; i < 32; i++) {
      int bits = 0;
      for (int group = 0; group < 8; group++) {
        bits |= (codes[32 * group + i] >> 4) << group;
      }
      dst.set(ValueLayout.JAVA_BYTE, at + i, (byte) bits);
    }
  }
}
