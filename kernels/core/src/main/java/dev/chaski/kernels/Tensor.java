package dev.chaski.kernels;

/**
 * A matrix of floats that a pass writes: opaque, it lives where its provider computes. Rows can
 * change between passes, columns cannot.
 */
public interface Tensor {
  /** Rows in use. */
  int rows();

  /** Values of a row. */
  int columns();

  /** Sets the rows in use; the values are undefined afterwards. Memory only ever grows. */
  void resize(int rows);
}
