package dev.chaski.cli.terminal;

import dev.chaski.ChatListener;
import dev.chaski.chat.Message;
import dev.chaski.chat.tool.ToolCall;
import java.util.List;

/**
 * Prints an answer to stdout as it comes. While a long prompt is read, a line on stderr says how
 * far; it is gone before the answer begins.
 */
public final class AnswerPrinter implements ChatListener {
  private final Console console;
  private boolean progressShown;
  private boolean lineOpen;

  /** A printer of one answer. */
  public AnswerPrinter(Console console) {
    this.console = console;
  }

  /** Says that a prompt of {@code length} letters is being read, if that may take a while. */
  public void start(int length) {
    if (length >= 2000) {
      show("reading the prompt ...");
    }
  }

  @Override
  public void onPrefill(int done, int total) {
    if (done < total) {
      show("reading the prompt: " + done + " of " + total + " tokens");
    } else {
      eraseProgress();
    }
  }

  @Override
  public void onText(String piece) {
    eraseProgress();
    console.print(piece);
    lineOpen = !piece.endsWith("\n");
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
    if (lineOpen) {
      console.print("\n");
      lineOpen = false;
    }
    String arguments = call.argumentsJson();
    console.note(
        console
            .style(Console.Stream.STDERR)
            .dim("calls " + Visible.text(call.name() + " " + arguments)));
  }

  /** Ends the last line of the answer, if the answer did not. An empty answer is an empty line. */
  public void finish(boolean empty) {
    eraseProgress();
    if (lineOpen || empty) {
      console.print("\n");
      lineOpen = false;
    }
  }

  /** Takes back the progress line, if there is one. */
  public void eraseProgress() {
    if (progressShown) {
      console.eraseProgress();
      progressShown = false;
    }
  }

  private void show(String line) {
    console.showProgress(line);
    progressShown = true;
  }
}
