package dev.chaski.kernels;

/** A read-only matrix of a model in its stored form, (rows, columns): opaque to the model. */
public interface Weight {
  TensorType type();

  /** Output values of the matrix; rows are stored one after the other. */
  int rows();

  /** Input values of the matrix, whole blocks of its type. */
  int columns();
}
