package dev.chaski.kernels.vector;

import static dev.chaski.kernels.vector.Lanes.F;
import static dev.chaski.kernels.vector.Lanes.FLOATS;

import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * Whole registers of bytes as four planes: plane {@code c} is bits {@code 8c} to {@code 8c + 7} of
 * each int lane. After a shuffle a plane holds neighbouring bytes, as many as there are lanes.
 */
final class BytePlanes {
  /** Bytes of a whole register. */
  static final VectorSpecies<Byte> BYTES = ByteVector.SPECIES_MAX.withShape(F.vectorShape());

  /** Length of a register in bytes. */
  static final int LENGTH = BYTES.length();

  /** Makes the planes: lane {@code i} gets bytes {@code i}, {@code i + FLOATS} and so on. */
  static final VectorShuffle<Byte> PLANES =
      VectorShuffle.fromOp(BYTES, i -> i % 4 * FLOATS + i / 4);

  private BytePlanes() {}
}
