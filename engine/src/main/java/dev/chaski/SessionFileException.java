package dev.chaski;

import java.io.IOException;
import java.nio.file.Path;

/** A file is no saved conversation that a session can go on with. */
public final class SessionFileException extends IOException {
  private static final long serialVersionUID = 1L;

  /**
   * A fault of a file.
   *
   * @param reason what is wrong with it, and what to do
   */
  SessionFileException(Path path, String reason) {
    super(path + ": " + reason);
  }

  SessionFileException(Path path, String reason, Throwable cause) {
    super(path + ": " + reason, cause);
  }
}
