package dev.chaski.cli.chat;

import dev.chaski.Chaski;
import dev.chaski.ChatAnswer;
import dev.chaski.ChatSession;
import dev.chaski.cli.terminal.AnswerPrinter;
import dev.chaski.cli.terminal.Console;
import dev.chaski.cli.terminal.Console.Stream;
import dev.chaski.cli.terminal.FileFaults;
import dev.chaski.cli.terminal.Interrupts.Guard;
import dev.chaski.cli.terminal.Settings;
import dev.chaski.cli.terminal.Sizes;
import dev.chaski.cli.terminal.Speeds;
import dev.chaski.generate.Cancellation;
import dev.chaski.generate.FinishReason;
import dev.chaski.generate.Generation;
import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
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
  private int answers;
  private int generatedTokens;
  private Generation last;

  /** A loop over one conversation. */
  public ChatLoop(
      Console console,
      Chaski chaski,
      ChatSession session,
      LineSource lines,
      ConsoleTools tools,
      boolean quiet) {
    this.console = console;
    this.chaski = chaski;
    this.session = session;
    this.lines = lines;
    this.tools = tools;
    this.quiet = quiet;
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
    Optional<String> typed = first.isPresent() ? first : lines.next();
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
      typed = lines.next();
    }
    return false;
  }

  /** Does what was asked for, and answers whether that was cancelled. */
  private boolean act(ChatInput input) {
    switch (input) {
      case ChatInput.Say(String text) -> {
        return answer(text);
      }
      case ChatInput.Help _ -> console.note(ChatInput.HELP);
      case ChatInput.SystemMessage(String text) -> system(text);
      case ChatInput.Reset _ -> {
        session.reset();
        dim("The conversation starts again.");
      }
      case ChatInput.Save(String file) -> save(file);
      case ChatInput.Load(String file) -> load(file);
      case ChatInput.Tools _ -> console.note(tools.listing());
      case ChatInput.Stats _ -> stats();
      case ChatInput.Unknown(String command) ->
          console.note("chaski: there is no command " + command + "; /help lists them");
      case ChatInput.Exit _ -> throw new AssertionError("ends the loop before");
    }
    return false;
  }

  private boolean answer(String text) {
    Cancellation cancellation = new Cancellation();
    session.generation(session.options().generation().withCancellation(cancellation));
    tools.cancelledBy(cancellation);
    AnswerPrinter printer = new AnswerPrinter(console);
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
      printer.eraseProgress();
    }
    last = answer.generation();
    printer.finish(answer.text().isEmpty());
    answers++;
    generatedTokens += last.statistics().generatedTokens();
    if (!quiet) {
      dim(lines.isInteractive() ? answerAndContext() : Speeds.line(last));
    }
    if (lines.isInteractive()) {
      console.note("");
    }
    return last.finishReason() == FinishReason.CANCELLED;
  }

  /** Short, as it comes after every answer; {@code /stats} tells the rest. */
  private String answerAndContext() {
    return "%s; context %d/%d"
        .formatted(Speeds.answer(last), session.contextUsed(), session.contextLength());
  }

  private void system(String text) {
    if (text.isEmpty()) {
      String present = session.options().system();
      console.note(present.isEmpty() ? "There is no system message." : present);
    } else {
      session.system(text);
      dim("The conversation starts again with this system message.");
    }
  }

  private void save(String file) {
    withFile(
        "/save",
        file,
        path -> {
          session.save(path);
          dim("Saved " + messages() + " to " + path + "; /load goes on with them.");
        });
  }

  private void load(String file) {
    withFile(
        "/load",
        file,
        path -> {
          session.load(path);
          dim("Going on after " + messages() + "; they are read again with the next one.");
        });
  }

  private String messages() {
    int count = session.messages().size();
    return count == 1 ? "1 message" : count + " messages";
  }

  /** Does something with a file, and says what went wrong. */
  private void withFile(String command, String file, FileAction action) {
    if (file.isEmpty()) {
      console.note("chaski: " + command + " needs the name of a file");
      return;
    }
    try {
      action.run(Path.of(expanded(file)));
    } catch (IOException e) {
      console.note("chaski: " + FileFaults.describe(e));
    } catch (InvalidPathException e) {
      console.note("chaski: " + e.getMessage());
    }
  }

  /** A shell would do this. */
  private String expanded(String file) {
    return file.startsWith("~/") ? console.variable("HOME") + file.substring(1) : file;
  }

  private interface FileAction {
    void run(Path path) throws IOException;
  }

  private void stats() {
    console.note("Answers: %d, %s tokens".formatted(answers, Sizes.grouped(generatedTokens)));
    if (last != null) {
      console.note("Last: " + Speeds.line(last));
    }
    console.note(
        "Context: %s of %s tokens"
            .formatted(
                Sizes.grouped(session.contextUsed()), Sizes.grouped(session.contextLength())));
    console.note("Sampling: " + sampling());
    console.note("Kernels: " + chaski.loaded().model().kernels().description());
  }

  private void banner() {
    String name =
        chaski
            .loaded()
            .info()
            .name()
            .orElse(chaski.loaded().info().files().getFirst().getFileName().toString());
    console.note(
        console.style(Stream.STDERR).bold(name)
            + ", %s weights, context %s"
                .formatted(
                    Sizes.grouped(chaski.loaded().info().total().values()),
                    Sizes.grouped(session.contextLength())));
    dim(chaski.loaded().model().kernels().description());
    dim(sampling());
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

  private String sampling() {
    return Settings.sampling(session.options().generation().sampling());
  }

  private void dim(String line) {
    console.note(console.style(Stream.STDERR).dim(line));
  }
}
