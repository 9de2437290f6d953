package dev.chaski.cli;

import dev.chaski.Chaski;
import dev.chaski.cli.terminal.Console;
import dev.chaski.cli.terminal.Console.Stream;
import dev.chaski.cli.terminal.StandardInput;
import dev.chaski.tokenizer.BpeTokenizer;
import dev.chaski.tokenizer.SpecialTokens;
import dev.chaski.tokenizer.TokenizerJson;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code chaski tokenize}: text in, ids out. */
@Command(
    name = "tokenize",
    description = {
      "Prints the token ids of a text.",
      "The token that begins a text (<|begin_of_text|>) is not added."
    },
    mixinStandardHelpOptions = true,
    versionProvider = CommandVersion.class,
    sortOptions = false,
    optionListHeading = "%nOptions:%n",
    footerHeading = "%nExamples:%n",
    footer = {
      "  chaski tokenize \"Hello, world!\"",
      "  chaski tokenize --tokenizer tokenizer.json < text.txt",
      "  chaski tokenize -m model.gguf --special --pieces \"Hello<|eot_id|>\"",
      "  echo '{\"text\": \"Hello\", \"special\": false}' | chaski tokenize --jsonl"
    })
final class TokenizeCommand implements Callable<Integer> {
  private final Console console;

  @Spec private CommandSpec spec;

  @Parameters(
      arity = "0..1",
      paramLabel = "TEXT",
      description = "The text. Default: all of standard input, without its last line end.")
  private String argument;

  @Option(
      names = {"-p", "--prompt"},
      paramLabel = "TEXT",
      description = "The same.")
  private String prompt;

  @Option(
      names = "--tokenizer",
      paramLabel = "FILE",
      description = "Use this tokenizer.json of a Hugging Face model instead of a model's own.")
  private Path tokenizerJson;

  @Option(
      names = "--special",
      description = "Names of special tokens in the text become these tokens.")
  private boolean special;

  @Option(
      names = "--pieces",
      description = "Print each id on its own line, with what it stands for.")
  private boolean pieces;

  @Option(
      names = "--jsonl",
      description =
          "Read objects {\"text\": ..., \"special\": true|false}, one a line, and print one array"
              + " of ids for each.")
  private boolean jsonLines;

  @Mixin private ModelOptions modelOptions;

  TokenizeCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws IOException {
    String text = argument == null ? prompt : argument;
    if (tokenizerJson != null && modelOptions.model().isPresent()) {
      throw usage("give a model with -m or a --tokenizer, not both");
    }
    if (argument != null && prompt != null) {
      throw usage("give the text once, as an argument or with -p");
    }
    if (jsonLines && (text != null || pieces)) {
      throw usage(
          "--jsonl reads standard input and prints arrays: leave out the text, and --pieces");
    }
    BpeTokenizer tokenizer = tokenizer();
    SpecialTokens specials = special ? SpecialTokens.PARSE : SpecialTokens.AS_TEXT;
    if (jsonLines) {
      new JsonLinesTokenizer(tokenizer, specials).run(console);
      return ExitStatus.OK;
    }
    if (text == null) {
      if (console.isTerminal(Stream.STDIN)) {
        throw usage("there is no text: give one as an argument, or pipe one in");
      }
      text = StandardInput.readText(console, false);
    }
    int[] ids = tokenizer.encode(text, specials);
    if (pieces) {
      printPieces(tokenizer, ids);
    } else {
      console.println(Arrays.toString(ids));
    }
    return ExitStatus.OK;
  }

  private BpeTokenizer tokenizer() throws IOException {
    if (tokenizerJson != null) {
      return TokenizerJson.read(tokenizerJson);
    }
    try (Chaski chaski = modelOptions.open(console)) {
      return chaski.tokenizer();
    }
  }

  private void printPieces(BpeTokenizer tokenizer, int[] ids) {
    StringBuilder lines = new StringBuilder();
    for (int id : ids) {
      lines.append("%7d  %s%n".formatted(id, Pieces.quoted(tokenizer.bytes(id))));
    }
    console.print(lines.toString());
  }

  private ParameterException usage(String message) {
    return new ParameterException(spec.commandLine(), message);
  }
}
