package dev.chaski.cli.terminal;

import dev.chaski.ChatListener;
import dev.chaski.chat.Message;
import dev.chaski.chat.tool.ToolCall;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/**
 * Prints an answer as it comes. While a long prompt is read, a line on stderr says how far; it is
 * gone before the answer begins.
 */
public final class AnswerPrinter implements ChatListener {
  private static final int LONG_PROMPT = 2000;

  private final Console console;
  private final AnswerText text;
  private final PromptProgress progress;

  /** A printer of one answer, as it is. */
  public AnswerPrinter(Console console) {
    this(console, new PlainText(console));
  }

  /** A printer of one answer. */
  public AnswerPrinter(Console console, AnswerText text) {
    this(console, text, CompletableFuture.delayedExecutor(1, TimeUnit.SECONDS));
  }

  /**
   * A printer of one answer.
   *
   * @param later runs what is to happen if a prompt takes a while
   */
  AnswerPrinter(Console console, AnswerText text, Executor later) {
    this.console = console;
    this.text = text;
    this.progress = new PromptProgress(console, later);
  }

  /** A prompt of {@code length} letters is being read: says so if that takes a while. */
  public void start(int length) {
    progress.start(length >= LONG_PROMPT);
  }

  @Override
  public void onPrefill(int done, int total) {
    progress.reached(done, total);
  }

  @Override
  public void onText(String piece) {
    eraseProgress();
    text.accept(piece);
  }

  /** Says what the model no longer knows. */
  @Override
  public void onForgotten(List<Message> messages) {
    eraseProgress();
    console.note(
        console
            .style(Console.Stream.STDERR)
            .dim(
                "The context is full: the oldest " + messages.size() + " messages are forgotten."));
  }

  /** Shows what the model wants, on a line of its own. */
  @Override
  public void onToolCall(ToolCall call) {
    eraseProgress();
    text.finish();
    String arguments = call.argumentsJson();
    console.note(
        console
            .style(Console.Stream.STDERR)
            .dim("calls " + Visible.text(call.name() + " " + arguments)));
  }

  /** Ends the last line of the answer, if the answer did not. An empty answer is an empty line. */
  public void finish(boolean empty) {
    eraseProgress();
    if (empty && !text.isLineOpen()) {
      console.print("\n");
    }
    text.finish();
  }

  /** Takes back the progress line, if there is one. */
  public void eraseProgress() {
    progress.end();
  }
}
