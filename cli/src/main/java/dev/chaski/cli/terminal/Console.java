package dev.chaski.cli.terminal;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

/**
 * The standard streams of a command, and its environment. Text is always UTF-8, whatever the
 * locale. What is printed is seen at once.
 */
public final class Console {
  /** A standard stream that may be a terminal. */
  public enum Stream {
    STDIN,
    STDOUT,
    STDERR
  }

  private static final String ERASE_LINE = "\r\u001b[K";
  private static final String ERASE_LINE_ABOVE = "\u001b[1A" + ERASE_LINE;

  private final InputStream in;
  private final OutputStream out;
  private final OutputStream err;
  private final Set<Stream> terminals;
  private final Map<String, String> environment;

  /**
   * A console of any streams.
   *
   * @param terminals which of them are a terminal
   */
  public Console(
      InputStream in,
      OutputStream out,
      OutputStream err,
      Set<Stream> terminals,
      Map<String, String> environment) {
    this.in = in;
    this.out = out;
    this.err = err;
    this.terminals = Set.copyOf(terminals);
    this.environment = Map.copyOf(environment);
  }

  /**
   * The console of this process. Java does not tell which streams are a terminal; the launcher
   * does, in the system property {@code chaski.terminals}.
   */
  public static Console ofProcess() {
    String names = System.getProperty("chaski.terminals", "");
    Set<Stream> terminals = EnumSet.noneOf(Stream.class);
    for (Stream stream : Stream.values()) {
      if (names.contains(stream.name().toLowerCase(java.util.Locale.ROOT))) {
        terminals.add(stream);
      }
    }
    return new Console(
        new FileInputStream(FileDescriptor.in),
        new FileOutputStream(FileDescriptor.out),
        new FileOutputStream(FileDescriptor.err),
        terminals,
        System.getenv());
  }

  /** Standard input, not buffered. */
  public InputStream in() {
    return in;
  }

  /** Whether a stream is a terminal. */
  public boolean isTerminal(Stream stream) {
    return terminals.contains(stream);
  }

  /** A variable of the environment; empty if it is not set. */
  public String variable(String name) {
    return environment.getOrDefault(name, "");
  }

  /**
   * Prints to stdout.
   *
   * @throws OutputClosedException if nobody reads it any more
   */
  public void print(String text) {
    print(text.getBytes(StandardCharsets.UTF_8));
  }

  /** As {@link #print}, with the end of the line. */
  public void println(String text) {
    print(text + "\n");
  }

  /** As {@link #print(String)}, for text that is UTF-8 already. */
  public void print(byte[] utf8) {
    try {
      out.write(utf8);
      out.flush();
    } catch (IOException e) {
      throw new OutputClosedException(e);
    }
  }

  /** Prints a line to stderr. That nobody reads it is no reason to stop. */
  public void note(String line) {
    printError(line + "\n");
  }

  /** Shows a line on stderr that can be taken back, if it is a terminal that can do so. */
  public void showProgress(String line) {
    if (canErase()) {
      printError(ERASE_LINE + style(Stream.STDERR).dim(line));
    }
  }

  /** Takes back the line of {@link #showProgress}. */
  public void eraseProgress() {
    if (canErase()) {
      printError(ERASE_LINE);
    }
  }

  /**
   * Takes back the line {@code WARNING: Using incubator modules: ...}, which the JVM prints on its
   * own, last thing before {@code main}, and which no option of it prevents.
   */
  public void eraseIncubatorWarning() {
    if (canErase() && ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent()) {
      printError(ERASE_LINE_ABOVE);
    }
  }

  /** How text on a stream may be styled. */
  public Style style(Stream stream) {
    boolean plain = !isTerminal(stream) || isDumb() || !variable("NO_COLOR").isEmpty();
    return plain ? Style.PLAIN : Style.ANSI;
  }

  private boolean canErase() {
    return isTerminal(Stream.STDERR) && !isDumb();
  }

  private boolean isDumb() {
    return variable("TERM").isEmpty() || variable("TERM").equals("dumb");
  }

  private void printError(String text) {
    try {
      err.write(text.getBytes(StandardCharsets.UTF_8));
      err.flush();
    } catch (IOException _) {
      // There is nowhere left to say so.
    }
  }
}
