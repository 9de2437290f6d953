package dev.chaski.cli;

import dev.chaski.Chaski;
import dev.chaski.Options;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * Cria, the tiny chat model inside the jar, used when no other is given. Where it comes from and
 * what it can do is in {@code MODEL_CARD.md} beside it.
 */
final class EmbeddedModel {
  private static final String RESOURCE = "cria/cria-q8_0.gguf";

  private EmbeddedModel() {}

  /**
   * Opens it. A model is mapped, so it has to be a file for a moment: one in the folder for
   * temporary files, which is gone from there when this returns.
   */
  static Chaski open(Options options) throws IOException {
    Path file = Files.createTempFile("chaski-cria-", ".gguf");
    try {
      try (InputStream in = EmbeddedModel.class.getResourceAsStream(RESOURCE)) {
        if (in == null) {
          throw new IOException("the jar lacks " + RESOURCE + "; build it again, or give -m FILE");
        }
        Files.copy(in, file, StandardCopyOption.REPLACE_EXISTING);
      }
      return Chaski.open(file, options);
    } finally {
      delete(file);
    }
  }

  private static void delete(Path file) {
    try {
      Files.delete(file);
    } catch (IOException _) {
      file.toFile().deleteOnExit(); // Windows keeps a file that is mapped
    }
  }
}
