package dev.chaski.kernels;

/** Keys and values of one layer of one sequence. Grows in blocks; {@link #close} frees it. */
public interface KvSlab extends AutoCloseable {
  KvShape shape();

  /** Makes room for positions {@code 0 .. length}; what is stored stays. */
  void reserve(int length);

  /**
   * Takes over the keys and values of positions {@code 0 .. length} of another slab, bit for bit;
   * what was stored at these positions is lost.
   *
   * @param source of the same provider and shape, with room for {@code length} positions
   */
  void copyFrom(KvSlab source, int length);

  /** Bytes taken now. */
  long byteSize();

  /** Frees the memory. Use afterwards is an {@link IllegalStateException}. */
  @Override
  void close();
}
