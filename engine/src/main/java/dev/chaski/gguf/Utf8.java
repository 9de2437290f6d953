package dev.chaski.gguf;

import dev.chaski.format.Excerpt;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/** Strict decoding of text. */
final class Utf8 {
  private static final char REPLACEMENT = '\uFFFD';

  private Utf8() {}

  /** The text in {@code length} bytes from {@code start}, or empty if they are not valid UTF-8. */
  static Optional<String> decode(byte[] bytes, int start, int length) {
    String text = new String(bytes, start, length, StandardCharsets.UTF_8);
    // The JDK's fast decoder replaces what is malformed; a replacement that was not in the file
    // does not encode to the same bytes.
    boolean valid = text.indexOf(REPLACEMENT) < 0 || isEncoding(text, bytes, start, length);
    return valid ? Optional.of(text) : Optional.empty();
  }

  private static boolean isEncoding(String text, byte[] bytes, int start, int length) {
    byte[] encoded = text.getBytes(StandardCharsets.UTF_8);
    return Arrays.equals(encoded, 0, encoded.length, bytes, start, start + length);
  }

  /**
   * The beginning of a text between quotes, with U+FFFD for what is malformed: for showing only.
   */
  static String quoted(byte[] bytes, int start, int length) {
    return Excerpt.quoted(new String(bytes, start, length, StandardCharsets.UTF_8));
  }
}
