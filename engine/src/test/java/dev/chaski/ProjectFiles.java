package dev.chaski;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** Files of the project outside the module, wherever in it the tests are started. */
public final class ProjectFiles {
  private static final String MARKER = ".mvn";

  private ProjectFiles() {}

  /** The project's top folder. */
  public static Path root() {
    return Stream.iterate(
            Path.of("").toAbsolutePath(), folder -> folder != null, folder -> folder.getParent())
        .filter(folder -> Files.isDirectory(folder.resolve(MARKER)))
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("no folder with " + MARKER + " above here"));
  }

  /** The model that comes with the command line. */
  public static Path embeddedModel() {
    return root().resolve("cli/src/main/resources/dev/chaski/cli/cria/cria-q8_0.gguf");
  }
}
