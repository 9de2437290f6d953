package dev.chaski.cli;

import dev.chaski.Chaski;
import dev.chaski.ChatOptions;
import dev.chaski.ChatSession;
import dev.chaski.WhenFull;
import dev.chaski.cli.SpeculationArguments.Drafting;
import dev.chaski.cli.chat.ChatLoop;
import dev.chaski.cli.chat.ConsoleTools;
import dev.chaski.cli.chat.LineSource;
import dev.chaski.cli.chat.PipedLines;
import dev.chaski.cli.chat.TerminalLines;
import dev.chaski.cli.terminal.Console;
import dev.chaski.cli.terminal.Console.Stream;
import dev.chaski.cli.terminal.StandardInput;
import dev.chaski.cli.tool.CommandTool;
import dev.chaski.cli.tool.ToolFile;
import dev.chaski.kernels.WarmUp;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code chaski chat}: a conversation. */
@Command(
    name = "chat",
    description = {
      "Talks with a model.",
      "At a terminal there are line editing and a history; from a pipe comes one message a"
          + " line. /help lists the commands that begin with a slash. Ctrl-C stops an answer, a"
          + " second one leaves, as does Ctrl-D."
    },
    mixinStandardHelpOptions = true,
    versionProvider = CommandVersion.class,
    sortOptions = false,
    optionListHeading = "%nOptions:%n",
    footerHeading = "%nExamples:%n",
    footer = {
      "  chaski chat",
      "  chaski chat -m model.gguf -sys \"You are a pirate.\" --temp 0.8",
      "  chaski chat --tools tools.json",
      "  printf 'Hello!\\nWho are you?\\n' | chaski chat --temp 0 --quiet"
    })
final class ChatCommand implements Callable<Integer> {
  private final Console console;
  private final Optional<WarmUp> warmUp;

  @Option(
      names = {"-sys", "--system"},
      paramLabel = "TEXT",
      defaultValue = "",
      description = "What the model is told before the conversation.")
  private String system;

  @Option(
      names = {"-p", "--prompt"},
      paramLabel = "TEXT",
      description = "The first message.")
  private String prompt;

  @Option(
      names = "--tools",
      paramLabel = "FILE",
      description = {
        "Tools that the model may call: a JSON list of objects with name, description, parameters"
            + " (JSON Schema) and command, a list of strings in which {x} stands for the argument"
            + " x of a call. A command gets all arguments on standard input as JSON, and runs only"
            + " if you say yes to it; without one you give the result."
      })
  private Path toolFile;

  @Option(
      names = {"-y", "--yes"},
      description = "Run commands of tools without asking.")
  private boolean allowed;

  @Option(
      names = "--context-shift",
      description = {
        "When the context is full, forget the oldest turns and go on; the system message stays."
            + " Default: an error."
      })
  private boolean forgetting;

  @Option(
      names = "--plain",
      description = {
        "Print answers as they are. Default: on a terminal, Markdown in them is laid out (not with"
            + " NO_COLOR set)."
      })
  private boolean plain;

  @Mixin private ModelOptions modelOptions;
  @Mixin private TemplateArguments templateArguments;
  @Mixin private GenerationArguments generationArguments;
  @Mixin private FormatArguments formatArguments;
  @Mixin private SpeculationArguments speculationArguments;

  ChatCommand(Console console, Optional<WarmUp> warmUp) {
    this.console = console;
    this.warmUp = warmUp;
  }

  @Override
  public Integer call() throws IOException {
    generationArguments.check();
    speculationArguments.check();
    List<CommandTool> tools =
        toolFile == null ? List.of() : ToolFile.parse(toolFile, StandardInput.readText(toolFile));
    try (Chaski chaski = modelOptions.open(console, warmUp);
        Drafting drafting = speculationArguments.open(chaski);
        ChatSession session = chaski.chat(options(chaski, drafting, tools));
        LineSource lines =
            console.isTerminal(Stream.STDIN)
                ? new TerminalLines(console)
                : new PipedLines(console)) {
      ConsoleTools consoleTools = new ConsoleTools(console, lines, tools, allowed);
      ChatLoop loop =
          new ChatLoop(
              console, chaski, session, lines, consoleTools, generationArguments.isQuiet(), plain);
      boolean interrupted = loop.run(Optional.ofNullable(prompt));
      return interrupted ? ExitStatus.INTERRUPTED : ExitStatus.OK;
    }
  }

  private ChatOptions options(Chaski chaski, Drafting drafting, List<CommandTool> tools)
      throws IOException {
    return new ChatOptions(
            system,
            drafting.applyTo(
                formatArguments.applyTo(
                    generationArguments.toOptions(chaski.loaded().defaultSampling()))))
        .withTools(tools.stream().map(CommandTool::tool).toList())
        .withTemplate(templateArguments.toOptions())
        .withWhenFull(forgetting ? WhenFull.FORGET_OLDEST : WhenFull.FAIL);
  }
}
