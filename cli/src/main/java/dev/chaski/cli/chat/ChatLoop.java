package dev.chaski.cli.chat;

import dev.chaski.Chaski;
import dev.chaski.ChatAnswer;
import dev.chaski.ChatSession;
import dev.chaski.cli.markdown.MarkdownPrinter;
import dev.chaski.cli.terminal.AnswerPrinter;
import dev.chaski.cli.terminal.AnswerText;
import dev.chaski.cli.terminal.Console;
import dev.chaski.cli.terminal.Console.Stream;
import dev.chaski.cli.terminal.Interrupts.Guard;
import dev.chaski.cli.terminal.PlainText;
import dev.chaski.cli.terminal.Settings;
import dev.chaski.cli.terminal.Sizes;
import dev.chaski.cli.terminal.Speeds;
import dev.chaski.cli.terminal.Style;
import dev.chaski.cli.terminal.Visible;
import dev.chaski.generate.Cancellation;
import dev.chaski.generate.FinishReason;
import dev.chaski.generate.Generation;
import java.io.IOException;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Asks for a message, answers it, and again. Answers go to stdout and everything else to stderr, so
 * that a piped chat gives answers only.
 */
public final class ChatLoop {
  private final Console console;
  private final Chaski chaski;
  private final ChatSession session;
  private final LineSource lines;
  private final ConsoleTools tools;
  private final boolean quiet;
  private final boolean plain;
  private final Tally tally = new Tally();
  private final ChatCommands commands;

  /**
   * A loop over one conversation.
   *
   * @param quiet whether to leave out the banner and what answers took
   * @param plain whether to print answers as they are, on a terminal, too
   */
  public ChatLoop(
      Console console,
      Chaski chaski,
      ChatSession session,
      LineSource lines,
      ConsoleTools tools,
      boolean quiet,
      boolean plain) {
    this.console = console;
    this.chaski = chaski;
    this.session = session;
    this.lines = lines;
    this.tools = tools;
    this.quiet = quiet;
    this.plain = plain;
    this.commands = new ChatCommands(console, chaski, session, tools, tally);
  }

  /**
   * Talks until there are no more messages.
   *
   * @param first a message before those of the source
   * @return whether an interrupt ended it
   * @throws IOException if messages cannot be read
   * @throws IllegalArgumentException if, without a terminal, a message does not fit the context
   */
  public boolean run(Optional<String> first) throws IOException {
    if (lines.isInteractive() && !quiet) {
      banner();
    }
    Optional<String> typed = first.isPresent() ? first : lines.next(status());
    while (typed.isPresent()) {
      ChatInput input = ChatInput.of(typed.get());
      if (input instanceof ChatInput.Exit) {
        return false;
      }
      if (!typed.get().isBlank()) {
        boolean cancelled = act(input);
        if (cancelled && !lines.isInteractive()) {
          return true;
        }
      }
      typed = lines.next(status());
    }
    return false;
  }

  /** Does what was asked for, and answers whether that was cancelled. */
  private boolean act(ChatInput input) {
    switch (input) {
      case ChatInput.Say(String text) -> {
        return answer(text);
      }
      case ChatInput.Command command -> commands.run(command);
      case ChatInput.Exit _ -> throw new AssertionError("ends the loop before");
    }
    return false;
  }

  private boolean answer(String text) {
    Cancellation cancellation = new Cancellation();
    session.generation(session.options().generation().withCancellation(cancellation));
    tools.cancelledBy(cancellation);
    AnswerPrinter printer = new AnswerPrinter(console, answerText());
    ChatAnswer answer;
    try (Guard _ = lines.answering(cancellation)) {
      printer.start(text.length());
      answer = session.send(text, tools, printer);
    } catch (IllegalArgumentException e) {
      if (!lines.isInteractive()) {
        throw e;
      }
      console.note("chaski: " + e.getMessage() + "; /reset starts again");
      return false;
    } finally {
      printer.finish(false);
    }
    Generation last = answer.generation();
    tally.add(last);
    printer.finish(answer.text().isEmpty());
    note(last);
    return last.finishReason() == FinishReason.CANCELLED;
  }

  /** Prose is laid out where somebody reads it. */
  private AnswerText answerText() {
    boolean styled = console.style(Stream.STDOUT) == Style.ANSI && !plain;
    return styled && AnswerFormats.isProse(session.options().generation().responseFormat())
        ? new MarkdownPrinter(console::print, lines::columns)
        : new PlainText(console);
  }

  /** What there is to say about an answer; on a terminal, the next prompt says the rest. */
  private void note(Generation answer) {
    if (lines.isInteractive()) {
      if (!quiet) {
        Speeds.why(answer).ifPresent(why -> dim("(" + why + ")"));
      }
      console.note("");
    } else if (!quiet) {
      dim(Speeds.line(answer));
    }
  }

  private String status() {
    return quiet ? "" : tally.status(session.contextUsed(), session.contextLength());
  }

  private void banner() {
    console.note(
        console.style(Stream.STDERR).bold(Visible.text(ChatCommands.name(chaski.loaded().info())))
            + ", %s weights, context %s"
                .formatted(
                    Sizes.grouped(chaski.loaded().info().total().values()),
                    Sizes.grouped(session.contextLength())));
    dim(chaski.loaded().model().kernelsDescription());
    dim(Settings.sampling(session.options().generation().sampling()));
    dim("Chat: " + session.template().description());
    if (!tools.tools().isEmpty()) {
      dim(
          "Tools: "
              + tools.tools().stream()
                  .map(tool -> tool.tool().name())
                  .collect(Collectors.joining(", ")));
    }
    dim("/help lists commands, Ctrl-C stops an answer, Ctrl-D leaves");
  }

  private void dim(String line) {
    console.note(console.style(Stream.STDERR).dim(line));
  }
}
