package dev.chaski;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Finds the folder {@code shared}, which lies beside the project where models and golden files are
 * kept; tests that need it are skipped where it is absent.
 */
public final class SharedFiles {
  private static final String MARKER = "shared/vectors";

  private SharedFiles() {}

  /** The file or folder {@code shared/relative}; skips the running test if it is not there. */
  public static Path require(String relative) {
    Optional<Path> found = find(relative);
    assumeTrue(found.isPresent(), () -> "needs ../shared/" + relative + ", which is not here");
    return found.orElseThrow();
  }

  /** The file or folder {@code shared/relative}, if it is there. */
  public static Optional<Path> find(String relative) {
    return Stream.iterate(
            Path.of("").toAbsolutePath(), folder -> folder != null, folder -> folder.getParent())
        .filter(folder -> Files.isDirectory(folder.resolve(MARKER)))
        .map(folder -> folder.resolve("shared").resolve(relative))
        .filter(Files::exists)
        .findFirst();
  }
}
