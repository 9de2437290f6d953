package dev.chaski.cli;

import dev.chaski.cli.terminal.Console;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;

/**
 * What a command did when run in this process, away from any terminal.
 *
 * @param status its exit status
 * @param out what it wrote to stdout
 * @param err what it wrote to stderr
 */
record CommandRun(int status, String out, String err) {
  /** Runs {@code chaski} with nothing on standard input. */
  static CommandRun of(String... args) {
    return withInput("", args);
  }

  /** Runs {@code chaski} with a text on standard input. */
  static CommandRun withInput(String input, String... args) {
    return withInput(input.getBytes(StandardCharsets.UTF_8), args);
  }

  /** Runs {@code chaski} with bytes on standard input. */
  static CommandRun withInput(byte[] input, String... args) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    return run(input, out, out, Map.of(), args);
  }

  /** Runs {@code chaski} with variables of the environment. */
  static CommandRun withEnvironment(Map<String, String> environment, String... args) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    return run(new byte[0], out, out, environment, args);
  }

  /** Runs {@code chaski} with an output that fails after some bytes. */
  static CommandRun withFailingOutput(int bytes, String failure, String... args) {
    ByteArrayOutputStream kept = new ByteArrayOutputStream();
    OutputStream failing =
        new OutputStream() {
          @Override
          public void write(int b) throws IOException {
            if (kept.size() >= bytes) {
              throw new IOException(failure);
            }
            kept.write(b);
          }
        };
    return run(new byte[0], failing, kept, Map.of(), args);
  }

  private static CommandRun run(
      byte[] input,
      OutputStream out,
      ByteArrayOutputStream kept,
      Map<String, String> environment,
      String... args) {
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    Console console = new Console(new ByteArrayInputStream(input), out, err, Set.of(), environment);
    int status = Main.run(console, args);
    return new CommandRun(
        status, kept.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }
}
