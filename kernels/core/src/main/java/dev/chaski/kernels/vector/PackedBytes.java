package dev.chaski.kernels.vector;

import dev.chaski.kernels.quant.IQ4_NLDecoder;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * Shapes and constants for taking packed codes apart as bytes. Their fields are 16 or 32 bytes
 * long, so vectors are no longer than that. Shifts are those of ints: x86 has none of bytes.
 */
final class PackedBytes {
  /** 16 bytes. */
  static final VectorSpecies<Byte> HALF = ByteVector.SPECIES_128;

  /** 4 ints. */
  static final VectorSpecies<Integer> HALF_INTS = IntVector.SPECIES_128;

  /** 32 bytes; 16 where registers are that short. */
  static final VectorSpecies<Byte> WIDE =
      Lanes.F.vectorBitSize() >= 256 ? ByteVector.SPECIES_256 : ByteVector.SPECIES_128;

  /** Bytes of a vector of {@link #WIDE}. */
  static final int WIDE_BYTES = WIDE.length();

  static final byte NIBBLE = 0x0F;
  static final byte FIFTH_BIT = 0x10;

  /** Brings each of bytes 0 and 1 to eight lanes. */
  static final VectorShuffle<Byte> BYTES_0_1 = VectorShuffle.fromOp(HALF, lane -> lane / 8);

  /** Brings each of bytes 2 and 3 to eight lanes. */
  static final VectorShuffle<Byte> BYTES_2_3 = VectorShuffle.fromOp(HALF, lane -> 2 + lane / 8);

  /** Bit {@code lane % 8}. */
  static final ByteVector BIT_OF_LANE =
      ByteVector.fromArray(
          HALF, new byte[] {1, 2, 4, 8, 16, 32, 64, -128, 1, 2, 4, 8, 16, 32, 64, -128}, 0);

  /** The levels of {@code IQ4_NL}. */
  static final ByteVector LEVELS = ByteVector.fromArray(HALF, levels(), 0);

  private PackedBytes() {}

  private static byte[] levels() {
    byte[] levels = new byte[HALF.length()];
    for (int code = 0; code < levels.length; code++) {
      levels[code] = (byte) IQ4_NLDecoder.level(code);
    }
    return levels;
  }
}
