package dev.chaski.cli;

import dev.chaski.format.WholeFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/**
 * Rows of little-endian float32. Written to a neighbouring file that takes the name when it is
 * complete, so that nobody ever sees half of it.
 */
final class LogitsFile implements AutoCloseable {
  private final Path target;
  private final Path written;
  private final FileChannel channel;
  private final ByteBuffer row;
  private boolean complete;

  /**
   * Starts an empty file.
   *
   * @param columns values of a row
   */
  LogitsFile(Path target, int columns) throws IOException {
    this.target = target;
    Path folder = target.toAbsolutePath().getParent();
    if (folder != null && !Files.isDirectory(folder)) {
      throw new IOException(target + ": there is no folder " + folder + "; make it first");
    }
    this.row =
        ByteBuffer.allocate(Math.multiplyExact(columns, Float.BYTES))
            .order(ByteOrder.LITTLE_ENDIAN);
    boolean special = Files.exists(target) && !Files.isRegularFile(target);
    if (special) { // a device or a pipe: nothing to put in its place
      this.written = target;
      this.channel = FileChannel.open(target, StandardOpenOption.WRITE);
    } else {
      this.written =
          target.resolveSibling(
              "." + target.getFileName() + "." + ProcessHandle.current().pid() + ".tmp");
      this.channel =
          FileChannel.open(
              written,
              StandardOpenOption.WRITE,
              StandardOpenOption.CREATE,
              StandardOpenOption.TRUNCATE_EXISTING);
    }
  }

  /** Writes row {@code index}. Rows may come in any order. */
  void write(int index, float[] values) throws IOException {
    row.clear();
    row.asFloatBuffer().put(values);
    long at = (long) index * row.capacity();
    try {
      while (row.hasRemaining()) {
        at += channel.write(row, at);
      }
    } catch (IOException e) {
      throw WholeFile.unwritten(target, e);
    }
  }

  /** Gives the file its name. */
  void complete() throws IOException {
    channel.close();
    if (!written.equals(target)) {
      try {
        Files.move(
            written, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      } catch (AtomicMoveNotSupportedException _) {
        Files.move(written, target, StandardCopyOption.REPLACE_EXISTING);
      }
    }
    complete = true;
  }

  /** Ends it; what is not complete is gone. */
  @Override
  public void close() throws IOException {
    channel.close();
    if (!complete && !written.equals(target)) {
      Files.deleteIfExists(written);
    }
  }
}
