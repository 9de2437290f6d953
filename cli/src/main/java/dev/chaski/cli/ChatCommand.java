package dev.chaski.cli;

import dev.chaski.Chaski;
import dev.chaski.ChatOptions;
import dev.chaski.ChatSession;
import dev.chaski.cli.chat.ChatLoop;
import dev.chaski.cli.chat.LineSource;
import dev.chaski.cli.chat.PipedLines;
import dev.chaski.cli.chat.TerminalLines;
import dev.chaski.cli.terminal.Console;
import dev.chaski.cli.terminal.Console.Stream;
import java.io.IOException;
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
      "  printf 'Hello!\\nWho are you?\\n' | chaski chat --temp 0 --quiet"
    })
final class ChatCommand implements Callable<Integer> {
  private final Console console;

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

  @Mixin private ModelOptions modelOptions;
  @Mixin private GenerationArguments generationArguments;
  @Mixin private FormatArguments formatArguments;

  ChatCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws IOException {
    ChatOptions options =
        new ChatOptions(system, formatArguments.applyTo(generationArguments.toOptions()));
    try (Chaski chaski = modelOptions.open();
        ChatSession session = chaski.chat(options);
        LineSource lines =
            console.isTerminal(Stream.STDIN)
                ? new TerminalLines(console)
                : new PipedLines(console)) {
      ChatLoop loop = new ChatLoop(console, chaski, session, lines, generationArguments.isQuiet());
      boolean interrupted = loop.run(Optional.ofNullable(prompt));
      return interrupted ? ExitStatus.INTERRUPTED : ExitStatus.OK;
    }
  }
}
