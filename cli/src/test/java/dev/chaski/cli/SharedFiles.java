package dev.chaski.cli;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/** Finds golden files in the folder {@code shared} beside the project. */
final class SharedFiles {
  private SharedFiles() {}

  /** The file or folder {@code shared/relative}; skips the running test if it is not there. */
  static Path require(String relative) {
    Optional<Path> found =
        Stream.iterate(Path.of("").toAbsolutePath(), folder -> folder != null, Path::getParent)
            .map(folder -> folder.resolve("shared").resolve(relative))
            .filter(Files::exists)
            .findFirst();
    assumeTrue(found.isPresent(), () -> "needs ../shared/" + relative + ", which is not here");
    return found.orElseThrow();
  }
}
