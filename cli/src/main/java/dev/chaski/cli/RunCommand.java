package dev.chaski.cli;

import dev.chaski.Chaski;
import dev.chaski.ChatOptions;
import dev.chaski.ChatSession;
import dev.chaski.cli.terminal.AnswerPrinter;
import dev.chaski.cli.terminal.Console;
import dev.chaski.cli.terminal.Console.Stream;
import dev.chaski.cli.terminal.Interrupts;
import dev.chaski.cli.terminal.Speeds;
import dev.chaski.cli.terminal.StandardInput;
import dev.chaski.generate.Cancellation;
import dev.chaski.generate.FinishReason;
import dev.chaski.generate.Generation;
import dev.chaski.generate.GenerationOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code chaski run}: one prompt, one answer. */
@Command(
    name = "run",
    description = {
      "Answers one prompt.",
      "The answer goes to standard output, everything else to standard error."
    },
    mixinStandardHelpOptions = true,
    versionProvider = CommandVersion.class,
    sortOptions = false,
    optionListHeading = "%nOptions:%n",
    footerHeading = "%nExamples:%n",
    footer = {
      "  chaski run -p \"What is the capital of Peru?\"",
      "  echo \"Hello!\" | chaski run -m model.gguf --temp 0",
      "  chaski run -p \"Summarize this:\" -n 200 < report.txt",
      "  chaski run -p \"Describe Peru.\" --json-schema country.json",
      "  chaski run --raw -p \"Once upon a time\" -n 100 --seed 7"
    })
final class RunCommand implements Callable<Integer> {
  private final Console console;

  @Spec private CommandSpec spec;

  @Option(
      names = {"-p", "--prompt"},
      paramLabel = "TEXT",
      description = "The prompt. Text piped in comes after it, on a new line.")
  private String prompt;

  @Option(
      names = {"-f", "--file"},
      paramLabel = "FILE",
      description = "Read the prompt from a file instead.")
  private Path promptFile;

  @Option(
      names = {"-sys", "--system"},
      paramLabel = "TEXT",
      description = "What the model is told before the conversation.")
  private String system;

  @Option(
      names = "--raw",
      description = "Continue the text as it is, without the chat layout; special tokens count.")
  private boolean raw;

  @Mixin private ModelOptions modelOptions;
  @Mixin private TemplateArguments templateArguments;
  @Mixin private GenerationArguments generationArguments;
  @Mixin private FormatArguments formatArguments;

  RunCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws IOException {
    if (raw && system != null) {
      throw usage("--raw has no place for a --system text; write it into the prompt");
    }
    if (raw && templateArguments.isGiven()) {
      throw usage("--raw uses no chat template; leave one of them out");
    }
    if (prompt != null && promptFile != null) {
      throw usage("give the prompt with -p or with -f, not both");
    }
    generationArguments.check();
    Cancellation cancellation = new Cancellation();
    String text = wholePrompt();
    try (Chaski chaski = modelOptions.open(console)) {
      GenerationOptions options =
          formatArguments
              .applyTo(generationArguments.toOptions(chaski.loaded().defaultSampling()))
              .withCancellation(cancellation);
      AnswerPrinter printer = new AnswerPrinter(console);
      Generation answer;
      try (Interrupts.Guard _ = Interrupts.cancelling(cancellation)) {
        printer.start(text.length());
        answer = generate(chaski, text, options, printer);
      } finally {
        printer.eraseProgress();
      }
      printer.finish(answer.text().isEmpty());
      if (!generationArguments.isQuiet()) {
        console.note(console.style(Stream.STDERR).dim(Speeds.line(answer)));
      }
      return answer.finishReason() == FinishReason.CANCELLED
          ? ExitStatus.INTERRUPTED
          : ExitStatus.OK;
    }
  }

  private Generation generate(
      Chaski chaski, String text, GenerationOptions options, AnswerPrinter printer)
      throws IOException {
    if (raw) {
      return chaski.complete(text, options, printer);
    }
    ChatOptions chat =
        new ChatOptions(system == null ? "" : system, options)
            .withTemplate(templateArguments.toOptions());
    try (ChatSession session = chaski.chat(chat)) {
      return session.send(text, printer).generation();
    }
  }

  /** What -p or -f says, then what is piped in. */
  private String wholePrompt() throws IOException {
    String given = promptFile == null ? prompt : StandardInput.readText(promptFile);
    boolean piped = !console.isTerminal(Stream.STDIN);
    if (given == null && !piped) {
      throw usage("there is no prompt: give one with -p, or pipe one in");
    }
    String input = piped ? StandardInput.readText(console, given != null) : "";
    if (given == null || input.isEmpty()) {
      String text = given == null ? input : given;
      if (text.isBlank() && !(raw && given != null)) {
        throw usage("the prompt is empty: give one with -p, or pipe one in");
      }
      return text;
    }
    return given + "\n" + input;
  }

  private ParameterException usage(String message) {
    return new ParameterException(spec.commandLine(), message);
  }
}
