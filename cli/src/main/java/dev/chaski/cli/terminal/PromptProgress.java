package dev.chaski.cli.terminal;

import java.util.concurrent.Executor;

/**
 * A line on stderr that says how much of a prompt has been read. It appears only if that takes a
 * while, only on a terminal, and is gone before the answer begins.
 */
final class PromptProgress {
  private final Console console;
  private final Executor later;
  private String line = "";
  private boolean waiting; // for the prompt, and not long yet
  private boolean shown;

  /**
   * The progress of one prompt.
   *
   * @param later runs what it is given after the while
   */
  PromptProgress(Console console, Executor later) {
    this.console = console;
    this.later = later;
  }

  /**
   * The prompt is being read.
   *
   * @param atOnce whether it is clear already that this takes a while
   */
  synchronized void start(boolean atOnce) {
    line = "reading the prompt ...";
    if (atOnce) {
      show();
    } else {
      waiting = true;
      later.execute(this::waited);
    }
  }

  private synchronized void waited() {
    if (waiting) {
      waiting = false;
      show();
    }
  }

  /** So much was read. */
  synchronized void reached(int tokens, int total) {
    line = "reading the prompt: " + tokens + " of " + total + " tokens";
    if (tokens == total) {
      end();
    } else if (!waiting) {
      show();
    }
  }

  /** It was read, or never will be. */
  synchronized void end() {
    waiting = false;
    if (shown) {
      console.eraseProgress();
      shown = false;
    }
  }

  private void show() {
    console.showProgress(line);
    shown = true;
  }
}
