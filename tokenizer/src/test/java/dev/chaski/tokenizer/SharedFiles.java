package dev.chaski.tokenizer;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Finds reference files that are too large for the project: in a folder {@code shared} beside the
 * project or any folder above it, or wherever the system property {@code chaski.shared} says.
 */
final class SharedFiles {
  private SharedFiles() {}

  /** The file or folder with this path below {@code shared}; without it the test is skipped. */
  static Path require(String path) {
    String configured = System.getProperty("chaski.shared");
    Path found = configured == null ? null : Path.of(configured, path);
    Path folder = Path.of("").toAbsolutePath();
    while (found == null && folder != null) {
      Path candidate = folder.resolve("shared").resolve(path);
      found = Files.exists(candidate) ? candidate : null;
      folder = folder.getParent();
    }
    assumeTrue(
        found != null && Files.exists(found),
        () -> "reference files not found: ../shared/" + path + " (set -Dchaski.shared=FOLDER)");
    return found;
  }
}
