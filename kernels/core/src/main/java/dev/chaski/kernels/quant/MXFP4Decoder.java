package dev.chaski.kernels.quant;

import java.lang.foreign.MemorySegment;

/**
 * {@code MXFP4} (ggml {@code block_mxfp4}; OCP Microscaling Formats v1.0): 32 values of 4-bit
 * floating point (E2M1) with a common power of two, in 17 bytes.
 *
 * <pre>
 * byte  0      e   scale 2^(e - 127) (E8M0; ggml gives 255 no special meaning)
 *       1..16  q   32 nibbles: byte 1 + i holds q[i] (low) and q[i + 16] (high), i = 0..15;
 *                  bit 3 is the sign, bits 0..2 choose 0, 0.5, 1, 1.5, 2, 3, 4, 6
 * </pre>
 */
public final class MXFP4Decoder implements BlockDecoder {
  public static final int BLOCK_SIZE = 32;
  public static final int BLOCK_BYTES = 17;

  /** Twice the values of E2M1, which makes them whole numbers. */
  private static final byte[] DOUBLED = {0, 1, 2, 3, 4, 6, 8, 12, 0, -1, -2, -3, -4, -6, -8, -12};

  /** A decoder has no state. */
  public MXFP4Decoder() {}

  @Override
  public void decode(MemorySegment src, long offset, float[] dst, int dstOffset, int count) {
    for (int block = 0; block < count / BLOCK_SIZE; block++) {
      long at = offset + (long) block * BLOCK_BYTES;
      int to = dstOffset + block * BLOCK_SIZE;
      float half = Math.scalb(1f, LittleEndian.unsignedByte(src, at) - 128);
      for (int i = 0; i < BLOCK_SIZE / 2; i++) {
        int pair = LittleEndian.unsignedByte(src, at + 1 + i);
        dst[to + i] = half * DOUBLED[pair & 0x0F];
        dst[to + i + 16] = half * DOUBLED[pair >> 4];
      }
    }
  }
}
