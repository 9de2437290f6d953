package dev.chaski.format;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Reads files that are small enough to be held in memory, and refuses those that are not. */
public final class SmallFile {
  private SmallFile() {}

  /**
   * All bytes of a file.
   *
   * @param maxBytes the most that a file of this kind may have
   * @throws ModelFormatException if there are more, or it is no regular file
   * @throws NoSuchFileException if there is none
   * @throws IOException if it cannot be read
   */
  public static byte[] readBytes(Path path, int maxBytes) throws IOException {
    requireRegular(path);
    try (InputStream in = Files.newInputStream(path)) {
      byte[] bytes = in.readNBytes(maxBytes);
      if (bytes.length == maxBytes && in.read() >= 0) {
        throw new ModelFormatException(
            path,
            ModelFormatException.UNKNOWN_OFFSET,
            "the file has more than %,d bytes, which no such file needs".formatted(maxBytes));
      }
      return bytes;
    } catch (AccessDeniedException _) {
      throw new AccessDeniedException(path.toString(), null, "no permission to read this file");
    }
  }

  /**
   * A UTF-8 text file.
   *
   * @throws ModelFormatException as {@link #readBytes}, and if it is not UTF-8
   * @throws IOException as {@link #readBytes}
   */
  public static String readText(Path path, int maxBytes) throws IOException {
    byte[] bytes = readBytes(path, maxBytes);
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw new ModelFormatException(
          path, ModelFormatException.UNKNOWN_OFFSET, "the file is not UTF-8 text", e);
    }
  }

  private static void requireRegular(Path path) throws IOException {
    if (!Files.exists(path)) {
      throw new NoSuchFileException(path.toString(), null, "there is no such file");
    }
    // Opening a pipe would wait for somebody to write to it.
    if (!Files.isRegularFile(path)) {
      throw new ModelFormatException(
          path,
          ModelFormatException.UNKNOWN_OFFSET,
          "this is a directory, pipe or device; expected a file");
    }
  }
}
