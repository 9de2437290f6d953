package dev.chaski.cli.chat;

import dev.chaski.cli.terminal.StandardInput;
import dev.chaski.generate.ResponseFormat;
import dev.chaski.grammar.GrammarException;
import java.io.IOException;
import java.nio.file.Path;

/** Formats of answers as people give them. */
public final class AnswerFormats {
  private AnswerFormats() {}

  /**
   * Answers of a JSON Schema.
   *
   * @param schema the schema itself, which begins with a brace, or its file
   * @throws GrammarException if the schema itself was given and cannot be used
   * @throws IOException if the file cannot be read, or what it holds cannot be used
   */
  public static ResponseFormat jsonSchema(String schema) throws IOException {
    String given = schema.strip();
    if (given.startsWith("{")) {
      return ResponseFormat.jsonSchema(given);
    }
    Path file = Path.of(given);
    String text = StandardInput.readText(file);
    try {
      return ResponseFormat.jsonSchema(text);
    } catch (GrammarException e) {
      throw new IOException(file + ": " + e.getMessage(), e);
    }
  }

  /** Whether answers of a format are for people to read, so that they may be laid out. */
  static boolean isProse(ResponseFormat format) {
    return format instanceof ResponseFormat.Text;
  }

  /** What answers are, in words. */
  static String description(ResponseFormat format) {
    return switch (format) {
      case ResponseFormat.Text _ -> "any text";
      case ResponseFormat.JsonObject _ -> "JSON objects";
      case ResponseFormat.JsonSchema _ -> "JSON of a schema";
      case ResponseFormat.Gbnf _, ResponseFormat.Custom _ -> "texts of a grammar";
    };
  }
}
