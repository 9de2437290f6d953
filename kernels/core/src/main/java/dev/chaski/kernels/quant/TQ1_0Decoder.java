package dev.chaski.kernels.quant;

import java.lang.foreign.MemorySegment;

/**
 * {@code TQ1_0} (ggml {@code block_tq1_0}): 256 ternary values in 54 bytes, {@code value[i] = d *
 * (t[i] - 1)} with {@code t[i]} of 0 to 2.
 *
 * <pre>
 * byte  0..31  t[  0..159]  byte l      holds t[l + 32 n],           n = 0..4, l = 0..31
 *      32..47  t[160..239]  byte 32 + l holds t[160 + l + 16 n],     n = 0..4, l = 0..15
 *      48..51  t[240..255]  byte 48 + l holds t[240 + l + 4 n],      n = 0..3, l = 0..3
 *      52..53  d            F16 scale
 * </pre>
 *
 * <p>A byte is a fraction of 256 in base 3: digit {@code n} after the point is what leaves the byte
 * when the rest, after {@code n} multiplications by 3, is multiplied once more. So a byte is {@code
 * ceil(256 * (t0 / 3 + t1 / 9 + ... + t4 / 243))}; in the last four bytes the fifth digit is
 * unused.
 */
public final class TQ1_0Decoder implements BlockDecoder {
  public static final int BLOCK_SIZE = 256;
  public static final int BLOCK_BYTES = 54;

  /** A decoder has no state. */
  public TQ1_0Decoder() {}

  @Override
  public void decode(MemorySegment src, long offset, float[] dst, int dstOffset, int count) {
    for (int block = 0; block < count / BLOCK_SIZE; block++) {
      long at = offset + (long) block * BLOCK_BYTES;
      int to = dstOffset + block * BLOCK_SIZE;
      float d = LittleEndian.half(src, at + 52);
      decodeDigits(src, at, 32, 5, d, dst, to);
      decodeDigits(src, at + 32, 16, 5, d, dst, to + 160);
      decodeDigits(src, at + 48, 4, 4, d, dst, to + 240);
    }
  }

  /** Decodes {@code digits} values of each of {@code bytes} bytes, the first digits first. */
  private static void decodeDigits(
      MemorySegment src, long at, int bytes, int digits, float d, float[] dst, int to) {
    for (int i = 0; i < bytes; i++) {
      int rest = LittleEndian.unsignedByte(src, at + i);
      for (int n = 0; n < digits; n++) {
        int next = rest * 3;
        dst[to + bytes * n + i] = d * ((next >> 8) - 1);
        rest = next & 0xFF;
      }
    }
  }
}
