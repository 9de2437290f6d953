package dev.chaski.tokenizer;

import java.nio.charset.StandardCharsets;

/** UTF-8 of any Java string. */
final class Utf8 {
  private Utf8() {}

  /**
   * The UTF-8 bytes of a text, in which each unpaired surrogate counts as U+FFFD (the platform's
   * own conversion would make it a question mark).
   */
  static byte[] bytes(String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    // More question marks than there were: much faster to find out than to look at every char.
    if (ByteStrings.count(utf8, (byte) '?') == count(text, '?')) {
      return utf8;
    }
    return repaired(text).getBytes(StandardCharsets.UTF_8);
  }

  /** The text of {@code utf8[from, to)}; what is not well-formed becomes U+FFFD. */
  static String text(byte[] utf8, int from, int to) {
    return new String(utf8, from, to - from, StandardCharsets.UTF_8);
  }

  private static int count(String text, char character) {
    int count = 0;
    for (int i = text.indexOf(character); i >= 0; i = text.indexOf(character, i + 1)) {
      count++;
    }
    return count;
  }

  private static String repaired(String text) {
    char[] chars = text.toCharArray();
    for (int i = 0; i < chars.length; i++) {
      if (Character.isHighSurrogate(chars[i])
          && i + 1 < chars.length
          && Character.isLowSurrogate(chars[i + 1])) {
        i++;
      } else if (Character.isSurrogate(chars[i])) {
        chars[i] = '\uFFFD';
      }
    }
    return new String(chars);
  }

  /** The length in bytes of the character that begins with this byte of well-formed UTF-8. */
  static int length(byte lead) {
    if (lead >= 0) {
      return 1;
    }
    int b = lead & 0xFF;
    return b < 0xE0 ? 2 : b < 0xF0 ? 3 : 4;
  }

  /** The character beyond ASCII that begins at {@code at} in well-formed UTF-8. */
  static int codePointBeyondAscii(byte[] utf8, int at) {
    int lead = utf8[at] & 0xFF;
    int second = utf8[at + 1] & 0x3F;
    if (lead < 0xE0) {
      return (lead & 0x1F) << 6 | second;
    }
    int third = utf8[at + 2] & 0x3F;
    if (lead < 0xF0) {
      return (lead & 0x0F) << 12 | second << 6 | third;
    }
    return (lead & 0x07) << 18 | second << 12 | third << 6 | (utf8[at + 3] & 0x3F);
  }
}
