package dev.chaski.benchmarks;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * The loops of {@link RooflineBenchmark}: apart from it, so that it can be asked for its work where
 * the Vector API is not loaded. Written out as the compiler likes it best.
 */
final class RooflineLoops {
  /** Enough for a latency of 4 or 5 cycles and two a cycle. */
  static final int ACCUMULATORS = 12;

  private static final VectorSpecies<Long> LONGS = LongVector.SPECIES_PREFERRED;
  private static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_PREFERRED;

  private RooflineLoops() {}

  /** The sum of all longs of a piece, whose size is a multiple of 4 vectors. */
  static long sum(MemorySegment piece) {
    int bytes = Math.toIntExact(piece.byteSize());
    LongVector a = LongVector.zero(LONGS);
    LongVector b = a;
    LongVector c = a;
    LongVector d = a;
    int size = LONGS.vectorByteSize();
    for (int i = 0; i < bytes; i += 4 * size) {
      a = a.add(LongVector.fromMemorySegment(LONGS, piece, i, ByteOrder.nativeOrder()));
      b = b.add(LongVector.fromMemorySegment(LONGS, piece, i + size, ByteOrder.nativeOrder()));
      c = c.add(LongVector.fromMemorySegment(LONGS, piece, i + 2 * size, ByteOrder.nativeOrder()));
      d = d.add(LongVector.fromMemorySegment(LONGS, piece, i + 3 * size, ByteOrder.nativeOrder()));
    }
    return a.add(b).add(c.add(d)).reduceLanes(VectorOperators.ADD);
  }

  /** What {@link #multiplyAdd} answers: every lane nears 2, where x / 2 + 1 is x. */
  static long fixedPoint() {
    return 2L * ACCUMULATORS * FLOATS.length();
  }

  /** Does {@code count} multiply-adds and answers the sum of their accumulators. */
  static long multiplyAdd(long count) {
    int rounds = Math.toIntExact(count / ACCUMULATORS / FLOATS.length());
    FloatVector half = FloatVector.broadcast(FLOATS, 0.5f);
    FloatVector one = FloatVector.broadcast(FLOATS, 1);
    FloatVector a = FloatVector.zero(FLOATS);
    FloatVector b = a;
    FloatVector c = a;
    FloatVector d = a;
    FloatVector e = a;
    FloatVector f = a;
    FloatVector g = a;
    FloatVector h = a;
    FloatVector i = a;
    FloatVector j = a;
    FloatVector k = a;
    FloatVector l = a;
    for (int round = 0; round < rounds; round++) {
      a = a.fma(half, one);
      b = b.fma(half, one);
      c = c.fma(half, one);
      d = d.fma(half, one);
      e = e.fma(half, one);
      f = f.fma(half, one);
      g = g.fma(half, one);
      h = h.fma(half, one);
      i = i.fma(half, one);
      j = j.fma(half, one);
      k = k.fma(half, one);
      l = l.fma(half, one);
    }
    FloatVector sum = a.add(b).add(c.add(d)).add(e.add(f).add(g.add(h)));
    return (long) sum.add(i.add(j).add(k.add(l))).reduceLanes(VectorOperators.ADD);
  }
}
