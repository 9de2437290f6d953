package dev.chaski.kernels.quant;

import java.lang.foreign.MemorySegment;

/**
 * What the encoders of {@code Q4_K} and {@code Q5_K} share: 256 values as 8 groups, of which each
 * has a scale and a minimum, both rounded to 6 bits of a common F16 unit.
 */
final class AffineSuperBlock {
  private static final int SIZE = 256;
  private static final int GROUP = SIZE / PackedScales.GROUPS;
  private static final int LARGEST_SCALE = 63;
  private static final float LIMIT = LARGEST_SCALE * Rounding.LARGEST_HALF;

  private final int largestCode;
  private final AffineFit fit;

  private final float[] x = new float[SIZE];
  private final int[] codes = new int[SIZE];
  private final float[] exactScales = new float[PackedScales.GROUPS];
  private final float[] exactMins = new float[PackedScales.GROUPS];
  private final int[] scales = new int[PackedScales.GROUPS];
  private final int[] mins = new int[PackedScales.GROUPS];

  /**
   * @param largestCode 15 or 31
   * @param fit of groups with these codes
   */
  AffineSuperBlock(int largestCode, AffineFit fit) {
    this.largestCode = largestCode;
    this.fit = fit;
  }

  /**
   * Encodes 256 values but for their codes: writes {@code d}, {@code dmin} and the packed scales
   * and minimums, 16 bytes.
   *
   * @return the codes, 0 to {@code largestCode}; overwritten by the next call
   */
  int[] encode(float[] src, int from, MemorySegment dst, long at) {
    Rounding.load(src, from, LIMIT, x);
    for (int g = 0; g < PackedScales.GROUPS; g++) {
      fit.fit(x, g * GROUP, codes);
      exactScales[g] = fit.scale();
      exactMins[g] = fit.min();
    }
    short d = roundToUnit(exactScales, scales);
    short dmin = roundToUnit(exactMins, mins);
    dst.set(LittleEndian.SHORT, at, d);
    dst.set(LittleEndian.SHORT, at + 2, dmin);
    PackedScales.write(dst, at + 4, scales, mins);
    for (int g = 0; g < PackedScales.GROUPS; g++) {
      float scale = Float.float16ToFloat(d) * scales[g];
      float min = Float.float16ToFloat(dmin) * mins[g];
      if (scale != 0) {
        roundToCodes(g, scale, min);
      }
    }
    return codes;
  }

  /** Rounds numbers to multiples, 0 to 63, of a 63rd of the largest, which is returned as F16. */
  private static short roundToUnit(float[] numbers, int[] multiples) {
    float largest = 0;
    for (float number : numbers) {
      largest = number > largest ? number : largest;
    }
    float inverse = largest > 0 ? LARGEST_SCALE / largest : 0;
    for (int g = 0; g < numbers.length; g++) {
      multiples[g] = Rounding.nearest(inverse * numbers[g], 0, LARGEST_SCALE);
    }
    return Rounding.half(largest / LARGEST_SCALE);
  }

  /** Chooses the codes again, now that scale and minimum have been rounded. */
  private void roundToCodes(int group, float scale, float min) {
    for (int i = group * GROUP; i < (group + 1) * GROUP; i++) {
      codes[i] = Rounding.nearest((x[i] + min) / scale, 0, largestCode);
    }
  }
}
