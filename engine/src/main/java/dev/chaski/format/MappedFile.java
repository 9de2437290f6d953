package dev.chaski.format;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;

/**
 * A file mapped into memory, read-only and whole, and the owner of that mapping. Nothing is copied:
 * pages arrive when they are touched and are shared with every other process that maps the file.
 * Nothing of the content is checked. For those who cannot live with what may happen to a mapped
 * file, it can be {@link FileAccess#IN_MEMORY} instead.
 *
 * <p>Safe to share between threads. After {@link #close()} every access to {@link #bytes()} or a
 * slice of it is an {@link IllegalStateException}, never a crash.
 *
 * <p><b>A file that shrinks while it is mapped</b> (truncated, or overwritten in place by another
 * download) leaves pages with nothing behind them; so does a disk or network share that fails. What
 * touching one does depends on the code (seen with JDK 25). Where memory is read value by value or
 * copied, the JVM skips the read and throws an {@link InternalError} a little later. A compiled
 * method of nothing but Vector API loads ends the process (SIGBUS), so kernels have none. One that
 * looks something up with the value it could not read may end it, too, in that little while. So
 *
 * <ul>
 *   <li>code that parses reads inside {@link #read}, which turns the error into a {@link
 *       ModelFormatException};
 *   <li>code that computes calls {@link #requireWhole} shortly before it reads, which notices a
 *       file that has shrunk by then, and again behind it; it gives errors to {@link #unreadable},
 *       which mostly saves the process when a file shrinks in the moment between;
 *   <li>who needs more than that opens files {@link FileAccess#IN_MEMORY}.
 * </ul>
 *
 * <p>A file that is replaced by another of its name (a download that ends with a rename) harms
 * nobody: the mapping keeps the old one.
 */
public final class MappedFile implements AutoCloseable {
  private final Path path;
  private final Arena arena;
  private final MemorySegment bytes; // (byteSize), read-only
  private final RandomAccessFile file; // unlike a channel, it survives an interrupt
  private final FileAccess access;
  private final Object fileKey; // null where the file system has none
  private final FileTime modified;
  private final long sample; // of the content when it was opened

  private MappedFile(
      Path path,
      Arena arena,
      MemorySegment bytes,
      RandomAccessFile file,
      FileAccess access,
      BasicFileAttributes attributes) {
    this.path = path;
    this.arena = arena;
    this.bytes = bytes;
    this.file = file;
    this.access = access;
    this.fileKey = attributes.fileKey();
    this.modified = attributes.lastModifiedTime();
    this.sample = ContentSample.of(bytes);
  }

  /** As {@link #open(Path, FileAccess)}, mapped. */
  public static MappedFile open(Path path) throws IOException {
    return open(path, FileAccess.MAPPED);
  }

  /**
   * Opens a file of any size.
   *
   * @throws ModelFormatException if it is empty, a directory, or no regular file (pipe, device)
   * @throws NoSuchFileException if there is none
   * @throws IOException if it cannot be opened, mapped or copied
   */
  public static MappedFile open(Path path, FileAccess access) throws IOException {
    BasicFileAttributes attributes = requireRegularFile(path);
    if (!Files.isReadable(path)) {
      throw new AccessDeniedException(path.toString(), null, "no permission to read this file");
    }
    RandomAccessFile file = openForReading(path);
    Arena arena = Arena.ofShared();
    try {
      if (file.length() == 0) {
        throw new ModelFormatException(
            path, 0, "the file is empty; it may be a download that never started");
      }
      MemorySegment bytes =
          switch (access) {
            case MAPPED -> map(path, file, arena);
            case IN_MEMORY -> FileCopy.of(path, file.getChannel(), arena).asReadOnly();
          };
      MappedFile opened = new MappedFile(path, arena, bytes, file, access, attributes);
      if (access == FileAccess.IN_MEMORY) {
        opened.requireOneState(attributes);
        file.close();
      }
      return opened;
    } catch (InternalError e) {
      arena.close();
      file.close();
      throw unreadable(path, e);
    } catch (IOException | RuntimeException | Error e) {
      arena.close();
      file.close();
      throw e;
    }
  }

  /** A copy of a file that was written to meanwhile is of no time. */
  private void requireOneState(BasicFileAttributes before) throws IOException {
    BasicFileAttributes after = Files.readAttributes(path, BasicFileAttributes.class);
    if (!before.lastModifiedTime().equals(after.lastModifiedTime())
        || file.length() != bytes.byteSize()) {
      throw fault("the file was written to while it was read; try again", null);
    }
  }

  private static RandomAccessFile openForReading(Path path) throws IOException {
    try {
      return new RandomAccessFile(path.toFile(), "r");
    } catch (FileNotFoundException e) {
      throw new IOException(path + ": cannot be opened: " + e.getMessage(), e);
    } catch (UnsupportedOperationException e) {
      throw new IOException(
          path + ": its file system cannot map files into memory; copy it to a local disk", e);
    }
  }

  private static MemorySegment map(Path path, RandomAccessFile file, Arena arena)
      throws IOException {
    try {
      return file.getChannel().map(FileChannel.MapMode.READ_ONLY, 0, file.length(), arena);
    } catch (UnsupportedOperationException e) {
      throw new IOException(
          path + ": its file system cannot map files into memory; copy it to a local disk", e);
    }
  }

  private static BasicFileAttributes requireRegularFile(Path path) throws IOException {
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
    return attributes;
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
      throw unreadable(e);
    }
  }

  /**
   * What to throw for an error of reading this file: if a page had no file behind it, an exception
   * of ours; any other error is thrown as it is.
   */
  public ModelFormatException unreadable(InternalError error) {
    return unreadable(path, error);
  }

  private static ModelFormatException unreadable(Path path, InternalError error) {
    // The JVM marks these errors by their message only.
    String message = error.getMessage();
    if (message == null || !message.contains("unsafe memory access")) {
      throw error;
    }
    return new ModelFormatException(
        path,
        ModelFormatException.UNKNOWN_OFFSET,
        "a part of the file cannot be read; "
            + "it was truncated or replaced while in use, or its disk or network share failed",
        error);
  }

  /**
   * Checks that the file has not shrunk since it was opened, unless it is a copy in memory that is
   * read. Costs a system call, less than a microsecond.
   *
   * @throws ModelFormatException if it has, or cannot be asked
   * @throws IllegalStateException if it is closed
   */
  public void requireWhole() throws ModelFormatException {
    if (access == FileAccess.IN_MEMORY) {
      requireOpen();
      return;
    }
    long size;
    try {
      size = file.length();
    } catch (IOException e) {
      requireOpen();
      throw fault("the file cannot be read any more: " + e.getMessage(), e);
    }
    if (size < bytes.byteSize()) {
      throw fault(
          "the file was cut while in use: it has %,d bytes left of %,d; restore it and open the model again"
              .formatted(size, bytes.byteSize()),
          null);
    }
  }

  /**
   * Checks that the file has not shrunk, and that nothing else was written into it since it was
   * opened. Another file by its name, or none, is no fault; nor is a new time of modification
   * alone, as {@code touch} gives it. Costs a few microseconds.
   *
   * <p>If the time is new, what tells another content is a sample of it, with its first and last
   * bytes: a download that begins anew is seen, a byte somewhere in between may not be.
   *
   * @throws ModelFormatException if the file was changed, or cannot be read any more
   * @throws IllegalStateException if it is closed
   */
  public void requireUnchanged() throws ModelFormatException {
    requireWhole();
    if (access == FileAccess.IN_MEMORY) {
      return;
    }
    BasicFileAttributes now;
    try {
      now = Files.readAttributes(path, BasicFileAttributes.class);
    } catch (IOException _) {
      return; // deleted or moved: the mapping keeps what it was
    }
    boolean same = fileKey != null && fileKey.equals(now.fileKey());
    if (same
        && !modified.equals(now.lastModifiedTime())
        && this.<Long, ModelFormatException>read(ContentSample::of) != sample) {
      throw fault(
          "the file was changed at %s, while in use; open the model again"
              .formatted(now.lastModifiedTime()),
          null);
    }
  }

  private void requireOpen() {
    if (!arena.scope().isAlive()) {
      throw new IllegalStateException("Already closed");
    }
  }

  private ModelFormatException fault(String reason, Throwable cause) {
    return new ModelFormatException(path, ModelFormatException.UNKNOWN_OFFSET, reason, cause);
  }

  /** Releases the mapping. Closing twice is harmless. */
  @Override
  public synchronized void close() {
    if (arena.scope().isAlive()) {
      arena.close();
      try {
        file.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
