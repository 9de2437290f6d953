package dev.chaski.kernels.vector;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * The vector shapes all kernels use, as constants the compiler can see. Floats fill a whole
 * register (at most 512 bits); shorts and bytes are loaded as many at a time as there are float
 * lanes.
 */
final class Lanes {
  static final VectorSpecies<Float> F =
      FloatVector.SPECIES_PREFERRED.length() > 16
          ? FloatVector.SPECIES_512
          : FloatVector.SPECIES_PREFERRED;

  static final VectorSpecies<Integer> I = VectorSpecies.of(int.class, F.vectorShape());

  /** Shorts that widen to one vector of floats. */
  static final VectorSpecies<Short> S = ShortVector.SPECIES_MAX.withShape(narrowed(2));

  /** Bytes that widen to {@link #BYTE_PARTS} vectors of floats. */
  static final VectorSpecies<Byte> B = ByteVector.SPECIES_MAX.withShape(narrowed(4));

  /** Floats of a vector: 4, 8 or 16. */
  static final int FLOATS = F.length();

  /** Bytes of a vector of {@link #B}. */
  static final int BYTES = B.length();

  /** Vectors of floats in one vector of bytes: 1, but 2 where floats have 4 lanes. */
  static final int BYTE_PARTS = BYTES / FLOATS;

  private static final VectorShuffle<Float> BY_8 = VectorShuffle.iota(F, 8 % FLOATS, 1, true);
  private static final VectorShuffle<Float> BY_4 = VectorShuffle.iota(F, 4 % FLOATS, 1, true);
  private static final VectorShuffle<Float> BY_2 = VectorShuffle.iota(F, 2, 1, true);
  private static final VectorShuffle<Float> BY_1 = VectorShuffle.iota(F, 1, 1, true);

  private Lanes() {}

  /**
   * The shape of {@code FLOATS} values {@code factor} times smaller than a float; 64 bits at least.
   */
  private static VectorShape narrowed(int factor) {
    return VectorShape.forBitSize(Math.max(64, F.vectorBitSize() / factor));
  }

  /**
   * Reads a weight before vector loads read more of them. In code that it compiles, HotSpot makes
   * an error of a page that has no file behind it only where a method also reads memory in the
   * ordinary way; in one of nothing but vector loads, such a page ends the process. So a method
   * that has no other ordinary read calls this one before its loop. The value itself is not needed,
   * and the compiler drops it.
   */
  static void readBefore(MemorySegment weights, long offset) {
    byte _ = weights.get(ValueLayout.JAVA_BYTE, offset);
  }

  /** Sum of all lanes, always in the same order. */
  static float sum(FloatVector v) {
    FloatVector w = v;
    if (FLOATS >= 16) {
      w = w.add(w.rearrange(BY_8));
    }
    if (FLOATS >= 8) {
      w = w.add(w.rearrange(BY_4));
    }
    w = w.add(w.rearrange(BY_2));
    return w.add(w.rearrange(BY_1)).lane(0);
  }

  /**
   * The same sum, in the same order, of {@code lanes[at .. at + FLOATS)}, which it overwrites. For
   * loops with several sums: C2 inlines only so much into one method, and a vector that crosses the
   * border of a method is allocated.
   */
  static float sum(float[] lanes, int at) {
    for (int half = FLOATS / 2; half > 0; half /= 2) {
      for (int i = at; i < at + half; i++) {
        lanes[i] += lanes[i + half];
      }
    }
    return lanes[at];
  }

  /**
   * F16 numbers as floats. The compiler makes vector instructions of this by itself; the Vector API
   * has none for it.
   */
  static void toFloats(short[] halves, int count, float[] to) {
    for (int i = 0; i < count; i++) {
      to[i] = Float.float16ToFloat(halves[i]);
    }
  }

  /** Whether the shapes are the ones kernels are written for. */
  static boolean areUsable() {
    return (FLOATS == 4 || FLOATS == 8 || FLOATS == 16)
        && S.length() == FLOATS
        && I.length() == FLOATS
        && (BYTE_PARTS == 1 || BYTE_PARTS == 2);
  }
}
