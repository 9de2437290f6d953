package dev.chaski.format;

import java.io.IOException;
import java.nio.file.Path;

/**
 * A model file is broken: it contradicts its format, itself, or ends too early. The message names
 * the file, what is wrong, what was expected, and the byte where it was seen.
 */
public final class ModelFormatException extends IOException {
  /** The {@link #offset()} of a fault that has no single place. */
  public static final long UNKNOWN_OFFSET = -1;

  private static final long serialVersionUID = 1L;

  private final transient Path path;
  private final long offset;
  private final String reason;

  /**
   * @param path the file at fault
   * @param offset the byte at fault, or {@link #UNKNOWN_OFFSET}
   * @param reason what is wrong and what was expected: a sentence without a full stop
   */
  public ModelFormatException(Path path, long offset, String reason) {
    this(path, offset, reason, null);
  }

  /** As {@link #ModelFormatException(Path, long, String)}, with the failure behind it. */
  public ModelFormatException(Path path, long offset, String reason, Throwable cause) {
    super(path + ": " + reason + (offset < 0 ? "" : " (at byte " + offset + ")"), cause);
    this.path = path;
    this.offset = offset;
    this.reason = reason;
  }

  /** The file at fault; {@code null} after serialization. */
  public Path path() {
    return path;
  }

  /** The byte at fault, counted from the start of the file, or {@link #UNKNOWN_OFFSET}. */
  public long offset() {
    return offset;
  }

  /** What is wrong, without file and place. */
  public String reason() {
    return reason;
  }
}
