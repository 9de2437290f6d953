package dev.chaski.gguf;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/** Text in a mapped file. */
final class Utf8 {
  private static final char REPLACEMENT = '\uFFFD';

  private Utf8() {}

  /** The text in {@code length} bytes at {@code offset}, or empty if they are not valid UTF-8. */
  static Optional<String> decode(MemorySegment bytes, long offset, long length) {
    byte[] encoded = copy(bytes, offset, length);
    String text = new String(encoded, StandardCharsets.UTF_8);
    // The JDK's fast decoder replaces what is malformed; a replacement that was not in the file
    // does not encode to the same bytes.
    boolean valid =
        text.indexOf(REPLACEMENT) < 0
            || Arrays.equals(encoded, text.getBytes(StandardCharsets.UTF_8));
    return valid ? Optional.of(text) : Optional.empty();
  }

  /** As {@link #decode}, with U+FFFD for what is malformed: for showing only. */
  static String decodeLeniently(MemorySegment bytes, long offset, long length) {
    return new String(copy(bytes, offset, length), StandardCharsets.UTF_8);
  }

  private static byte[] copy(MemorySegment bytes, long offset, long length) {
    return bytes.asSlice(offset, length).toArray(ValueLayout.JAVA_BYTE);
  }
}
