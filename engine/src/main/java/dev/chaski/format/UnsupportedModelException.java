package dev.chaski.format;

import java.io.IOException;
import java.nio.file.Path;

/**
 * A model file is sound as far as it was read, but uses something we do not implement. The message
 * says what that is, what is supported, and where there is one, the way out.
 */
public final class UnsupportedModelException extends IOException {
  private static final long serialVersionUID = 1L;

  private final transient Path path;
  private final String reason;

  /**
   * @param path the file that cannot be used
   * @param reason what is not supported, and what is
   */
  public UnsupportedModelException(Path path, String reason) {
    super(path + ": " + reason);
    this.path = path;
    this.reason = reason;
  }

  /** The file that cannot be used; {@code null} after serialization. */
  public Path path() {
    return path;
  }

  /** What is not supported and what is, without the file. */
  public String reason() {
    return reason;
  }
}
