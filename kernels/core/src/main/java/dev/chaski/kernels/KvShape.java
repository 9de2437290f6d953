package dev.chaski.kernels;

/**
 * What one position of a key/value cache holds.
 *
 * @param numKvHeads key/value heads
 * @param headDim values of a head
 * @param type how they are stored: {@link TensorType#F16}, {@link TensorType#F32}, or, if heads are
 *     a multiple of 32 values, {@link TensorType#Q8_0}
 */
public record KvShape(int numKvHeads, int headDim, TensorType type) {
  public KvShape {
    if (numKvHeads < 1 || headDim < 1) {
      throw new IllegalArgumentException(
          "a key/value cache needs at least one head of one value, not "
              + numKvHeads
              + " heads of "
              + headDim);
    }
    if (!isSupported(type)) {
      throw new IllegalArgumentException("a key/value cache is F16, F32 or Q8_0, not " + type);
    }
    if (headDim % type.blockSize() != 0) {
      throw new IllegalArgumentException(
          "heads of "
              + headDim
              + " values cannot be stored as "
              + type
              + ", which takes multiples of "
              + type.blockSize()
              + "; use F16");
    }
  }

  /** Whether keys and values can be stored so. */
  public static boolean isSupported(TensorType type) {
    return type == TensorType.F16 || type == TensorType.F32 || type == TensorType.Q8_0;
  }

  /** Keys (or values) of one position: {@code numKvHeads * headDim}. */
  public int columns() {
    return numKvHeads * headDim;
  }

  /** Bytes that keys and values of one position take. */
  public long bytesPerPosition() {
    return 2 * type.byteSize(columns());
  }

  /** For messages: {@code "8 heads of 128 in F16"}. */
  @Override
  public String toString() {
    return numKvHeads + " heads of " + headDim + " in " + type;
  }
}
