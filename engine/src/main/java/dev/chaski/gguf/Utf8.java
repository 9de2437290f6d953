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

  /**
   * Whether {@code bytes[from, to)} is valid. The letters of byte-level vocabularies, of one byte
   * or two, are checked here: in a process that has just started, a short loop is compiled sooner
   * than a decoder.
   */
  static boolean isValid(byte[] bytes, int from, int to) {
    int i = from;
    while (i < to) {
      if (bytes[i] >= 0) {
        i++;
      } else if (bytes[i] >= (byte) 0xC2
          && bytes[i] <= (byte) 0xDF
          && i + 1 < to
          && bytes[i + 1] <= (byte) 0xBF) {
        i += 2;
      } else {
        return decode(bytes, i, to - i).isPresent();
      }
    }
    return true;
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
