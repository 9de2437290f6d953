package dev.chaski.kernels;

/**
 * A device with memory of its own, and what things take there. Nothing is kept by asking: for plans
 * that are made before anything is copied.
 */
public interface DeviceSpace {
  /** The device, for people. */
  String name();

  /** Its memory. */
  long byteSize();

  /** Bytes of a weight of its kernels. */
  long weightBytes(Weight weight);

  /** Bytes of all tensors that have so many values together, however they came to grow. */
  long tensorBytes(long values);

  /**
   * Values among the tensors that {@link Kernels#ropeAngles} keeps, if it keeps any.
   *
   * @param positions of the longest sequence
   */
  long angleValues(int headDim, int positions);

  /**
   * Bytes of caches, however they came to grow.
   *
   * @param slabs how many
   * @param positions of each
   */
  long cacheBytes(KvShape shape, int slabs, int positions);
}
