package dev.chaski.kernels.vector;

import static dev.chaski.kernels.vector.Lanes.F;
import static dev.chaski.kernels.vector.Lanes.FLOATS;

import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * Whole registers of bytes as four planes. After a shuffle, plane {@code c} (bits {@code 8c} to
 * {@code 8c + 7} of each int lane) holds neighbouring bytes, as many as there are lanes. A code
 * need not be shifted down from its plane, because {@code x} is scaled by the opposite power of two
 * before: to mask it and to convert it is enough.
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

  /**
   * Writes {@code x} times {@code factors}, which repeat.
   *
   * @param factors powers of two, so that nothing is rounded
   */
  static void scale(float[] x, int xOffset, int columns, float[] factors, float[] to) {
    for (int start = 0; start < columns; start += factors.length) {
      for (int i = 0; i < factors.length; i++) {
        to[start + i] = x[xOffset + start + i] * factors[i];
      }
    }
  }
}
