package dev.chaski.kernels;

/**
 * The angular frequency of each pair of a head, in radians per position, scaling included.
 * Immutable.
 */
public final class RopeFrequencies {
  private final double[] radiansPerPosition;

  /** Copies {@code radiansPerPosition}, (headDim / 2). */
  public RopeFrequencies(double[] radiansPerPosition) {
    this.radiansPerPosition = radiansPerPosition.clone();
  }

  /** Pairs of a head: {@code headDim / 2}. */
  public int size() {
    return radiansPerPosition.length;
  }

  /** The rotation of pair {@code pair} at {@code position}, in radians, exact to a double. */
  public double angle(int pair, int position) {
    return position * radiansPerPosition[pair];
  }
}
