package dev.chaski.gguf;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;

/** Lets exactly the bytes of one tensor through to the file. */
final class ExactChannel implements WritableByteChannel {
  private final FileChannel file;
  private final long byteSize;
  private final String name;
  private long written;

  ExactChannel(FileChannel file, long byteSize, String name) {
    this.file = file;
    this.byteSize = byteSize;
    this.name = name;
  }

  @Override
  public int write(ByteBuffer source) throws IOException {
    if (source.remaining() > byteSize - written) {
      throw new IllegalStateException(
          "more than the %d bytes of tensor '%s' were written".formatted(byteSize, name));
    }
    int count = file.write(source);
    written += count;
    return count;
  }

  void requireComplete() {
    if (written != byteSize) {
      throw new IllegalStateException(
          "only %d of the %d bytes of tensor '%s' were written".formatted(written, byteSize, name));
    }
  }

  @Override
  public boolean isOpen() {
    return file.isOpen();
  }

  /** Nothing: the file stays open for the next tensor. */
  @Override
  public void close() {}
}
