package dev.chaski.cli;

import dev.chaski.Chaski;
import dev.chaski.ChatOptions;
import dev.chaski.cli.terminal.Console;
import dev.chaski.cli.terminal.Console.Stream;
import dev.chaski.cli.terminal.StandardInput;
import dev.chaski.cli.tool.CommandTool;
import dev.chaski.cli.tool.ToolFile;
import dev.chaski.generate.Cancellation;
import dev.chaski.generate.GenerationOptions;
import dev.chaski.kernels.WarmUp;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
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
      "  chaski run --raw -p \"Once upon a time\" -n 100 --seed 7",
      "  chaski run -p \"Write a haiku.\" --answers 3 --seed 1",
      "  chaski run -p \"Weather in Lima?\" --tools tools.json"
    })
final class RunCommand implements Callable<Integer> {
  private final Console console;
  private final Optional<WarmUp> warmUp;

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

  @Option(
      names = {"-N", "--answers"},
      paramLabel = "N",
      defaultValue = "1",
      description =
          "Answers, generated together: the first with the seed, the next with seed + 1, and so"
              + " on.")
  private int answers;

  @Option(
      names = "--logprobs",
      paramLabel = "N",
      description =
          "Print the log-probability of each token, and the N likeliest beside it, after the"
              + " answer.")
  private Integer logProbs;

  @Option(
      names = "--tools",
      paramLabel = "FILE",
      description = {
        "Tools that the model may call, as 'chaski chat --tools' has them. At a terminal you are"
            + " asked before a command runs; elsewhere calls are printed as JSON, one a line, and"
            + " nothing runs."
      })
  private Path toolFile;

  @Option(
      names = {"-y", "--yes"},
      description = "Run commands of tools without asking.")
  private boolean allowed;

  @Mixin private ModelOptions modelOptions;
  @Mixin private TemplateArguments templateArguments;
  @Mixin private GenerationArguments generationArguments;
  @Mixin private FormatArguments formatArguments;
  @Mixin private SpeculationArguments speculationArguments;

  RunCommand(Console console, Optional<WarmUp> warmUp) {
    this.console = console;
    this.warmUp = warmUp;
  }

  @Override
  public Integer call() throws IOException {
    check();
    List<CommandTool> tools =
        toolFile == null ? List.of() : ToolFile.parse(toolFile, StandardInput.readText(toolFile));
    Cancellation cancellation = new Cancellation();
    String text = wholePrompt();
    try (Chaski chaski = modelOptions.open(console, warmUp);
        SpeculationArguments.Drafting drafting = speculationArguments.open(chaski)) {
      GenerationOptions generation =
          formatArguments.applyTo(generationArguments.toOptions(chaski.loaded().defaultSampling()));
      generation = drafting.applyTo(generation).withCancellation(cancellation);
      generation = logProbs == null ? generation : generation.withLogProbs(logProbs);
      ChatOptions options =
          new ChatOptions(system == null ? "" : system, generation)
              .withTools(tools.stream().map(CommandTool::tool).toList())
              .withTemplate(templateArguments.toOptions());
      PromptRun run = new PromptRun(console, chaski, options, raw, generationArguments.isQuiet());
      boolean cancelled =
          answers > 1 ? run.several(text, answers) : run.single(text, tools, allowed);
      return cancelled ? ExitStatus.INTERRUPTED : ExitStatus.OK;
    }
  }

  /** Refuses what does not go together, before anything is opened. */
  private void check() {
    if (raw && system != null) {
      throw usage("--raw has no place for a --system text; write it into the prompt");
    }
    if (raw && templateArguments.isGiven()) {
      throw usage("--raw uses no chat template; leave one of them out");
    }
    if (raw && toolFile != null) {
      throw usage("--raw has no place for --tools; leave one of them out");
    }
    if (prompt != null && promptFile != null) {
      throw usage("give the prompt with -p or with -f, not both");
    }
    if (answers < 1) {
      throw usage("--answers is " + answers + ", it must be 1 or more");
    }
    if (answers > 1 && allowed) {
      throw usage("--yes runs tools for one answer, not for several; leave one of them out");
    }
    if (logProbs != null && logProbs < 0) {
      throw usage("--logprobs is " + logProbs + ", it must be 0 or more");
    }
    generationArguments.check();
    speculationArguments.check();
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
