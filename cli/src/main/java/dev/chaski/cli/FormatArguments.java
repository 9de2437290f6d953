package dev.chaski.cli;

import dev.chaski.cli.chat.AnswerFormats;
import dev.chaski.cli.terminal.StandardInput;
import dev.chaski.generate.GenerationOptions;
import dev.chaski.generate.ResponseFormat;
import dev.chaski.grammar.GrammarException;
import java.io.IOException;
import java.nio.file.Path;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Options that say what an answer has to look like. */
final class FormatArguments {
  @Spec(Spec.Target.MIXEE)
  private CommandSpec mixee;

  @ArgGroup private Choice choice;

  /** One of them at most. */
  private static final class Choice {
    @Option(names = "--json", description = "Answer with a JSON object.")
    private boolean json;

    @Option(
        names = {"--json-schema", "-j"},
        paramLabel = "FILE|JSON",
        description = "Answer with JSON that is valid against this JSON Schema.")
    private String jsonSchema;

    @Option(
        names = "--grammar",
        paramLabel = "FILE",
        description = "Answer with a text of this grammar, in llama.cpp's GBNF.")
    private Path grammar;
  }

  /**
   * Other options with this format.
   *
   * @throws ParameterException if what was given does not go together, or cannot be used
   * @throws IOException if a file cannot be read, or what it holds cannot be used
   */
  GenerationOptions applyTo(GenerationOptions options) throws IOException {
    try {
      return choice == null ? options : options.withResponseFormat(format());
    } catch (GrammarException e) {
      throw new ParameterException(mixee.commandLine(), e.getMessage(), e);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(
          mixee.commandLine(),
          "--ignore-eos does not go with --json, --json-schema or --grammar: the answer has an end",
          e);
    }
  }

  private ResponseFormat format() throws IOException {
    if (choice.json) {
      return ResponseFormat.jsonObject();
    }
    if (choice.grammar != null) {
      return grammarIn(choice.grammar);
    }
    return AnswerFormats.jsonSchema(choice.jsonSchema);
  }

  private static ResponseFormat grammarIn(Path file) throws IOException {
    String grammar = StandardInput.readText(file);
    try {
      return ResponseFormat.grammar(grammar);
    } catch (GrammarException e) {
      throw new IOException(file + ": " + e.getMessage(), e);
    }
  }
}
