package dev.chaski.format;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.ThreadLocalRandom;

/** Writes files that are there as a whole, or not at all. */
public final class WholeFile {
  private WholeFile() {}

  /**
   * Writes a file under a temporary name beside {@code target}, which takes that name when it is
   * complete and on disk. On failure nothing is left, and a {@code target} that was there before
   * stays as it was.
   *
   * @throws IOException if it cannot be written
   */
  public static void write(Path target, byte[] bytes) throws IOException {
    requireReplaceable(target);
    Path name = target.getFileName();
    Path temporary =
        target.resolveSibling("." + name + "." + ThreadLocalRandom.current().nextLong(1L << 48));
    try {
      try (FileChannel channel =
          FileChannel.open(temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
        ByteBuffer left = ByteBuffer.wrap(bytes);
        while (left.hasRemaining()) {
          channel.write(left);
        }
        channel.force(true);
      }
      Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
    } catch (NoSuchFileException _) {
      throw new NoSuchFileException(
          target.toString(), null, "there is no such folder to write to; make it first");
    } catch (FileSystemException e) {
      throw e;
    } catch (IOException e) {
      throw unwritten(target, e);
    } finally {
      Files.deleteIfExists(temporary);
    }
  }

  /**
   * Refuses to put a file in the place of what is none: a folder, a device, a pipe.
   *
   * @throws FileSystemException if one of that name is there
   */
  public static void requireReplaceable(Path target) throws FileSystemException {
    if (target.getFileName() == null || Files.isDirectory(target)) {
      throw new FileSystemException(
          target.toString(), null, "is a folder; give the name of a file");
    }
    if (Files.exists(target) && !Files.isRegularFile(target)) {
      throw new FileSystemException(
          target.toString(), null, "is a device or a pipe; give the name of a file");
    }
  }

  /** Of a disk that is full, the system does not say which file it was to hold. */
  public static FileSystemException unwritten(Path target, IOException e) {
    FileSystemException named =
        new FileSystemException(target.toString(), null, e.getMessage() + "; nothing was written");
    named.initCause(e);
    return named;
  }
}
