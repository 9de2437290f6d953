package dev.chaski.cli.terminal;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Reads text of others: UTF-8 or an error, never a text with holes. */
public final class StandardInput {
  private static final int PATIENCE_SECONDS = 2;
  private static final String BYTE_ORDER_MARK = "\uFEFF";

  private StandardInput() {}

  /**
   * All of standard input, without its last line end.
   *
   * @param optional whether the command could do without: then somebody may have left it open by
   *     mistake, and is told what we wait for
   * @throws IOException if it cannot be read or is not UTF-8
   */
  public static String readText(Console console, boolean optional) throws IOException {
    CountDownLatch finished = new CountDownLatch(1);
    if (optional) {
      Thread.ofPlatform().daemon().start(() -> sayWhatWeWaitFor(console, finished));
    }
    try {
      return text("standard input", console.in().readAllBytes());
    } finally {
      finished.countDown();
    }
  }

  private static void sayWhatWeWaitFor(Console console, CountDownLatch finished) {
    try {
      if (!finished.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        console.note(
            "chaski: waiting for the end of standard input; if there is none, < /dev/null");
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * All of a file, without its last line end.
   *
   * @throws IOException if it cannot be read or is not UTF-8
   */
  public static String readText(Path file) throws IOException {
    return text(file.toString(), Files.readAllBytes(file));
  }

  /**
   * The next line of standard input without its end; empty at the end of the input. Only {@code \n}
   * ends a line.
   *
   * @throws IOException if it cannot be read or is not UTF-8
   */
  public static Optional<String> readLine(InputStream in) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    int b = in.read();
    if (b < 0) {
      return Optional.empty();
    }
    while (b >= 0 && b != '\n') {
      line.write(b);
      b = in.read();
    }
    return Optional.of(decode("standard input", line.toByteArray()));
  }

  private static String text(String source, byte[] utf8) throws IOException {
    String text = decode(source, utf8);
    if (text.startsWith(BYTE_ORDER_MARK)) {
      text = text.substring(BYTE_ORDER_MARK.length());
    }
    if (text.endsWith("\r\n")) {
      return text.substring(0, text.length() - 2);
    }
    return text.endsWith("\n") ? text.substring(0, text.length() - 1) : text;
  }

  private static String decode(String source, byte[] utf8) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(utf8);
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .onMalformedInput(CodingErrorAction.REPORT)
          .onUnmappableCharacter(CodingErrorAction.REPORT)
          .decode(bytes)
          .toString();
    } catch (CharacterCodingException e) {
      throw new IOException(
          source + " is not UTF-8 text (at byte " + bytes.position() + "); convert it first", e);
    }
  }
}
