package dev.chaski.kernels;

/**
 * A short list of integers that changes from pass to pass: token ids, positions, row numbers. They
 * travel in a buffer, never as constants of a compiled kernel.
 */
public interface IntTensor {
  /** How many there are. */
  int size();

  /** The value at {@code index}. */
  int get(int index);

  /** Replaces the list by {@code values[0 .. size)}. */
  void set(int[] values, int size);
}
