package dev.chaski.kernels.quant;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Writes what {@link Q6_KDecoder} reads, with scales of least squared error (ggml {@code
 * quantize_row_q6_K_ref}).
 */
public final class Q6_KEncoder implements BlockEncoder {
  private static final int BLOCK_SIZE = Q6_KDecoder.BLOCK_SIZE;
  private static final int GROUPS = 16;
  private static final int GROUP = BLOCK_SIZE / GROUPS;
  private static final int ZERO = 32;

  /** The group scale farthest from zero becomes -128, so that all eight bits are used. */
  private static final int FARTHEST_SCALE = -128;

  private static final float LIMIT = -FARTHEST_SCALE * ZERO * Rounding.LARGEST_HALF;

  /** An encoder has no state. */
  public Q6_KEncoder() {}

  @Override
  public void encode(float[] src, int srcOffset, MemorySegment dst, long dstOffset, int count) {
    float[] x = new float[BLOCK_SIZE];
    int[] codes = new int[BLOCK_SIZE];
    float[] scales = new float[GROUPS];
    SymmetricFit fit = new SymmetricFit(GROUP);
    for (int block = 0; block < count / BLOCK_SIZE; block++) {
      long at = dstOffset + (long) block * Q6_KDecoder.BLOCK_BYTES;
      Rounding.load(src, srcOffset + block * BLOCK_SIZE, LIMIT, x);
      for (int g = 0; g < GROUPS; g++) {
        scales[g] = fit.fit(x, g * GROUP, codes);
      }
      float farthest = farthest(scales);
      if (Math.abs(farthest) < SymmetricFit.NEGLIGIBLE) {
        dst.asSlice(at, Q6_KDecoder.BLOCK_BYTES).fill((byte) 0);
      } else {
        writeScales(x, scales, FARTHEST_SCALE / farthest, codes, dst, at);
        writeCodes(codes, dst, at);
      }
    }
  }

  private static float farthest(float[] scales) {
    float farthest = 0;
    for (float scale : scales) {
      if (Math.abs(scale) > Math.abs(farthest)) {
        farthest = scale;
      }
    }
    return farthest;
  }

  /** Rounds the group scales, and then chooses the codes again. */
  private static void writeScales(
      float[] x, float[] scales, float inverse, int[] codes, MemorySegment dst, long at) {
    short d = Rounding.half(1 / inverse);
    dst.set(LittleEndian.SHORT, at + 208, d);
    for (int g = 0; g < GROUPS; g++) {
      int multiple = Rounding.nearest(inverse * scales[g], FARTHEST_SCALE, -FARTHEST_SCALE - 1);
      dst.set(ValueLayout.JAVA_BYTE, at + 192 + g, (byte) multiple);
      float scale = Float.float16ToFloat(d) * multiple;
      if (scale != 0) {
        for (int i = g * GROUP; i < (g + 1) * GROUP; i++) {
          codes[i] = ZERO + Rounding.nearest(x[i] / scale, -ZERO, ZERO - 1);
        }
      }
    }
  }

  private static void writeCodes(int[] codes, MemorySegment dst, long at) {
    for (int h = 0; h < 2; h++) {
      Nibbles.write(codes, 128 * h, 64, dst, at + 64L * h);
      for (int i = 0; i < 32; i++) {
        int bits = 0;
        for (int k = 0; k < 4; k++) {
          bits |= (codes[128 * h + 32 * k + i] >> 4) << (2 * k);
        }
        dst.set(ValueLayout.JAVA_BYTE, at + 128 + 32L * h + i, (byte) bits);
      }
    }
  }
}
