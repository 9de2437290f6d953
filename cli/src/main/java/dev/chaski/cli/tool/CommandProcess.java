package dev.chaski.cli.tool;

import dev.chaski.generate.Cancellation;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs a command and gives what it printed, as a text that a model can read, come what may. */
public final class CommandProcess {
  private static final int MAX_OUTPUT = 32 << 10;
  private static final long POLL_MILLIS = 50;
  private static final Duration READ_PATIENCE = Duration.ofSeconds(1);

  private CommandProcess() {}

  /**
   * Runs it to its end.
   *
   * @param input what it gets on standard input
   * @param timeout after which it is killed
   * @param cancellation kills it, too
   * @return its output and errors, at most 32 KiB; or why there is none
   */
  public static String run(
      List<String> command, String input, Duration timeout, Cancellation cancellation) {
    Process process;
    try {
      process = new ProcessBuilder(command).redirectErrorStream(true).start();
    } catch (IOException e) {
      return "The command cannot be run: " + e.getMessage();
    }
    ByteArrayOutputStream output = new ByteArrayOutputStream();
    Thread.ofVirtual().start(() -> write(process.getOutputStream(), input));
    Thread reader = Thread.ofVirtual().start(() -> read(process.getInputStream(), output));
    try {
      String fault = await(process, timeout, cancellation);
      reader.join(READ_PATIENCE); // a child of the command may keep the pipe open
      String text;
      synchronized (output) {
        text = output.toString(StandardCharsets.UTF_8).strip();
      }
      return fault.isEmpty() ? text : fault + (text.isEmpty() ? "" : "\n" + text);
    } catch (InterruptedException _) {
      kill(process);
      Thread.currentThread().interrupt();
      return "The command was interrupted.";
    }
  }

  private static String await(Process process, Duration timeout, Cancellation cancellation)
      throws InterruptedException {
    long end = System.nanoTime() + timeout.toNanos();
    while (!process.waitFor(POLL_MILLIS, TimeUnit.MILLISECONDS)) {
      if (cancellation.isCancelled()) {
        kill(process);
        return "The user stopped the command.";
      }
      if (System.nanoTime() - end > 0) {
        kill(process);
        return "The command was stopped: it took more than " + timeout.toSeconds() + " seconds.";
      }
    }
    return process.exitValue() == 0
        ? ""
        : "The command failed with status " + process.exitValue() + ".";
  }

  private static void kill(Process process) {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
  }

  private static void write(OutputStream out, String input) {
    try (out) {
      out.write(input.getBytes(StandardCharsets.UTF_8));
    } catch (IOException _) {
      // It does not want its input.
    }
  }

  /** Keeps the beginning and drops the rest, so that the command is not held up. */
  private static void read(InputStream in, ByteArrayOutputStream output) {
    byte[] buffer = new byte[8 << 10];
    try (in) {
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        synchronized (output) {
          output.write(buffer, 0, Math.min(n, MAX_OUTPUT - output.size()));
        }
      }
    } catch (IOException _) {
      // Killed: what was read is what there is.
    }
  }
}
