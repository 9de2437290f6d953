package dev.chaski.format;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;

/**
 * A file mapped into memory, read-only and whole, and the owner of that mapping. Nothing is copied:
 * pages arrive when they are touched and are shared with every other process that maps the file.
 * Nothing of the content is checked.
 *
 * <p>Safe to share between threads. After {@link #close()} every access to {@link #bytes()} or a
 * slice of it is an {@link IllegalStateException}, never a crash.
 *
 * <p><b>A file that shrinks while it is mapped</b> (truncated, or overwritten in place by another
 * download) leaves pages with nothing behind them; so does a disk or network share that fails.
 * Touching one makes the JVM throw an {@link InternalError}. Code that parses should read inside
 * {@link #read}, which turns that into a {@link ModelFormatException}. Kernels read weights without
 * it, and whoever runs them may meet the {@code InternalError}; the process goes on in either case.
 */
public final class MappedFile implements AutoCloseable {
  private final Path path;
  private final Arena arena;
  private final MemorySegment bytes; // (byteSize), read-only

  private MappedFile(Path path, Arena arena, MemorySegment bytes) {
    this.path = path;
    this.arena = arena;
    this.bytes = bytes;
  }

  /**
   * Maps a file of any size.
   *
   * @throws ModelFormatException if it is empty, a directory, or no regular file (pipe, device)
   * @throws NoSuchFileException if there is none
   * @throws IOException if it cannot be opened or mapped
   */
  public static MappedFile open(Path path) throws IOException {
    requireRegularFile(path);
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      long size = channel.size();
      if (size == 0) {
        throw new ModelFormatException(
            path, 0, "the file is empty; it may be a download that never started");
      }
      return map(path, channel, size);
    } catch (AccessDeniedException _) {
      throw new AccessDeniedException(path.toString(), null, "no permission to read this file");
    }
  }

  private static MappedFile map(Path path, FileChannel channel, long size) throws IOException {
    Arena arena = Arena.ofShared();
    try {
      return new MappedFile(
          path, arena, channel.map(FileChannel.MapMode.READ_ONLY, 0, size, arena));
    } catch (UnsupportedOperationException e) {
      arena.close();
      throw new IOException(
          path + ": its file system cannot map files into memory; copy it to a local disk", e);
    } catch (IOException | RuntimeException | Error e) {
      arena.close();
      throw e;
    }
  }

  private static void requireRegularFile(Path path) throws IOException {
    BasicFileAttributes attributes;
    try {
      // Before opening: opening a pipe waits for somebody to write to it.
      attributes = Files.readAttributes(path, BasicFileAttributes.class);
    } catch (NoSuchFileException _) {
      throw new NoSuchFileException(path.toString(), null, "there is no such file");
    }
    if (attributes.isDirectory()) {
      throw new ModelFormatException(
          path, ModelFormatException.UNKNOWN_OFFSET, "this is a directory; expected a file");
    }
    if (!attributes.isRegularFile()) {
      throw new ModelFormatException(
          path,
          ModelFormatException.UNKNOWN_OFFSET,
          "this is a pipe or device; expected a regular file, which can be mapped into memory");
    }
  }

  /** The path as it was given to {@link #open}. */
  public Path path() {
    return path;
  }

  /** Size of the file when it was opened. */
  public long byteSize() {
    return bytes.byteSize();
  }

  /** The whole file, read-only; usable until {@link #close()}. */
  public MemorySegment bytes() {
    return bytes;
  }

  /** Work that reads a mapped file. */
  @FunctionalInterface
  public interface Reading<T, X extends Exception> {
    /** Reads what it needs from {@code bytes}, the whole file, and keeps to {@code byteSize}. */
    T read(MemorySegment bytes) throws X;
  }

  /**
   * Runs {@code reading} and returns its result; a page with no file behind it becomes an exception
   * of ours.
   *
   * @throws X whatever {@code reading} throws
   * @throws ModelFormatException if the file shrank after it was opened, or its disk failed
   */
  public <T, X extends Exception> T read(Reading<T, X> reading) throws X, ModelFormatException {
    try {
      return reading.read(bytes);
    } catch (InternalError e) {
      if (!isPageFault(e)) {
        throw e;
      }
      throw new ModelFormatException(
          path,
          ModelFormatException.UNKNOWN_OFFSET,
          "a part of the file cannot be read; "
              + "it was truncated or replaced while in use, or its disk or network share failed",
          e);
    }
  }

  /** The JVM marks these errors by their message only. */
  private static boolean isPageFault(InternalError error) {
    String message = error.getMessage();
    return message != null && message.contains("unsafe memory access");
  }

  /** Releases the mapping. Closing twice is harmless. */
  @Override
  public synchronized void close() {
    if (arena.scope().isAlive()) {
      arena.close();
    }
  }
}
