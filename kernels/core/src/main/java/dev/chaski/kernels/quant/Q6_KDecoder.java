package dev.chaski.kernels.quant;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * {@code Q6_K} (ggml {@code block_q6_K}): 256 values in 210 bytes, as 16 groups of 16 with a signed
 * 8-bit scale each; in group {@code g = i / 16}, {@code value[i] = d * scale[g] * (q[i] - 32)}.
 *
 * <pre>
 * byte   0..127  ql     256 nibbles, bits 0..3 of q: byte 64 h + l holds those of q[128 h + l] (low)
 *                       and q[128 h + 64 + l] (high), h = 0..1, l = 0..63
 *      128..191  qh     bits 4..5 of q: byte 128 + 32 h + l holds those of q[128 h + 32 k + l] in
 *                       bits 2k and 2k + 1, h = 0..1, k = 0..3, l = 0..31
 *      192..207  scale  16 signed bytes
 *      208..209  d      F16 scale of the scales
 * </pre>
 */
public final class Q6_KDecoder implements BlockDecoder {
  public static final int BLOCK_SIZE = 256;
  public static final int BLOCK_BYTES = 210;

  /** A decoder has no state. */
  public Q6_KDecoder() {}

  @Override
  public void decode(MemorySegment src, long offset, float[] dst, int dstOffset, int count) {
    for (int block = 0; block < count / BLOCK_SIZE; block++) {
      decodeBlock(src, offset + (long) block * BLOCK_BYTES, dst, dstOffset + block * BLOCK_SIZE);
    }
  }

  private static void decodeBlock(MemorySegment src, long at, float[] dst, int to) {
    float d = LittleEndian.half(src, at + 208);
    for (int group = 0; group < 16; group++) {
      float scale = d * src.get(ValueLayout.JAVA_BYTE, at + 192 + group);
      long low = at + 64L * (group / 8) + 16L * (group % 4);
      int lowShift = 4 * (group / 4 % 2);
      long high = at + 128 + 32L * (group / 8) + 16L * (group % 2);
      int highShift = 2 * (group / 2 % 4);
      for (int i = 0; i < 16; i++) {
        int lowBits = (LittleEndian.unsignedByte(src, low + i) >> lowShift) & 0x0F;
        int highBits = (LittleEndian.unsignedByte(src, high + i) >> highShift) & 3;
        int code = lowBits | (highBits << 4);
        dst[to + 16 * group + i] = scale * (code - 32);
      }
    }
  }
}
