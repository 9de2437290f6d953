package dev.chaski.kernels.quant;

/** Eight consecutive values whose magnitudes are one point of an {@link IqGrid}. */
final class Octet {
  private Octet() {}

  /**
   * Writes {@code ±scale * coordinate} for eight coordinates.
   *
   * @param point coordinate {@code i} in bits {@code 8i} to {@code 8i + 7}
   * @param signs bit {@code i} set where value {@code i} is negative
   */
  static void writeSigned(float scale, long point, int signs, float[] dst, int to) {
    for (int i = 0; i < 8; i++) {
      float magnitude = scale * (byte) (point >> (8 * i));
      dst[to + i] = ((signs >> i) & 1) == 0 ? magnitude : -magnitude;
    }
  }

  /** Writes {@code scale * (coordinate + shift)} for eight coordinates, arranged as above. */
  static void writeShifted(float scale, long point, float shift, float[] dst, int to) {
    for (int i = 0; i < 8; i++) {
      dst[to + i] = scale * ((byte) (point >> (8 * i)) + shift);
    }
  }
}
