package dev.chaski.format;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;

/** Copies a whole file into native memory. */
final class FileCopy {
  private static final long CHUNK_BYTES = 16 << 20;
  private static final long CACHE_LINE = 64;

  private FileCopy() {}

  /**
   * The bytes of a file of any size, read in chunks.
   *
   * @throws ModelFormatException if it gets shorter meanwhile
   * @throws java.nio.channels.ClosedByInterruptException if the thread is interrupted
   * @throws IOException if it cannot be read, or does not fit in memory
   */
  static MemorySegment of(Path path, FileChannel channel, Arena arena) throws IOException {
    long size = channel.size();
    MemorySegment copy = allocate(path, size, arena);
    for (long from = 0; from < size; from += CHUNK_BYTES) {
      ByteBuffer chunk = copy.asSlice(from, Math.min(CHUNK_BYTES, size - from)).asByteBuffer();
      while (chunk.hasRemaining()) {
        long at = from + chunk.position();
        if (channel.read(chunk, at) < 0) {
          throw new ModelFormatException(
              path,
              at,
              "the file was cut to %,d bytes of %,d while it was read".formatted(at, size));
        }
      }
    }
    return copy;
  }

  private static MemorySegment allocate(Path path, long size, Arena arena) throws IOException {
    try {
      return arena.allocate(size, CACHE_LINE);
    } catch (OutOfMemoryError e) {
      throw new IOException(
          "%s: there is no memory for a copy of its %,d bytes; map the file instead"
              .formatted(path, size),
          e);
    }
  }
}
