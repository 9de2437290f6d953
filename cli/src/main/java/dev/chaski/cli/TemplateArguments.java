package dev.chaski.cli;

import dev.chaski.chat.TemplateOptions;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** Options that say how a conversation is written for the model. */
final class TemplateArguments {
  @Option(
      names = "--chat-template",
      paramLabel = "FILE",
      description = "A Jinja chat template to use in place of the model's own.")
  private Path file;

  /** Whether a template was given. */
  boolean isGiven() {
    return file != null;
  }

  /**
   * The options for the library.
   *
   * @throws IOException if the file cannot be read
   */
  TemplateOptions toOptions() throws IOException {
    if (file == null) {
      return TemplateOptions.defaults();
    }
    try {
      return TemplateOptions.defaults().withSource(Files.readString(file));
    } catch (CharacterCodingException e) {
      throw new IOException(file + ": not a text in UTF-8", e);
    }
  }
}
