package dev.chaski.gguf;

import dev.chaski.format.WholeFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;

/** Lets exactly the bytes of one tensor through to the file. */
final class ExactChannel implements WritableByteChannel {
  private final FileChannel file;
  private final Path target;
  private final long byteSize;
  private final String name;
  private long written;

  ExactChannel(FileChannel file, Path target, long byteSize, String name) {
    this.file = file;
    this.target = target;
    this.byteSize = byteSize;
    this.name = name;
  }

  @Override
  public int write(ByteBuffer source) throws IOException {
    if (source.remaining() > byteSize - written) {
      throw new IllegalStateException(
          "more than the %d bytes of tensor '%s' were written".formatted(byteSize, name));
    }
    try {
      int count = file.write(source);
      written += count;
      return count;
    } catch (IOException e) {
      throw WholeFile.unwritten(target, e);
    }
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
