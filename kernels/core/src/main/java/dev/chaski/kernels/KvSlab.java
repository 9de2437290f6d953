package dev.chaski.kernels;

/** Keys and values of one layer of one sequence. Grows in blocks; {@link #close} frees it. */
public interface KvSlab extends AutoCloseable {
  KvShape shape();

  /** Makes room for positions {@code 0 .. length}; what is stored stays. */
  void reserve(int length);

  /** Bytes taken now. */
  long byteSize();

  /** Frees the memory. Use afterwards is an {@link IllegalStateException}. */
  @Override
  void close();
}
