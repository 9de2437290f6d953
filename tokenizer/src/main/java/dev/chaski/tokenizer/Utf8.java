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

  /**
   * The length in bytes of the character that begins at {@code at}, or 0 if there is none in
   * well-formed UTF-8 (Unicode Standard, table 3-7).
   */
  static int checkedLength(byte[] utf8, int at, int end) {
    int lead = utf8[at] & 0xFF;
    if (lead < 0x80) {
      return 1;
    }
    int length = length(utf8[at]);
    if (lead < 0xC2 || lead > 0xF4 || length > end - at) {
      return 0;
    }
    int second = utf8[at + 1] & 0xFF;
    int least = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
    int most = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
    if (second < least || second > most) {
      return 0;
    }
    for (int i = 2; i < length; i++) {
      if ((utf8[at + i] & 0xC0) != 0x80) {
        return 0;
      }
    }
    return length;
  }

  /** Writes a character that is no surrogate; returns the index behind it. */
  static int write(int codePoint, byte[] out, int at) {
    if (codePoint < 0x80) {
      out[at] = (byte) codePoint;
      return at + 1;
    }
    int i = at;
    if (codePoint < 0x800) {
      out[i++] = (byte) (0xC0 | codePoint >> 6);
    } else {
      if (codePoint < 0x10000) {
        out[i++] = (byte) (0xE0 | codePoint >> 12);
      } else {
        out[i++] = (byte) (0xF0 | codePoint >> 18);
        out[i++] = (byte) (0x80 | ((codePoint >> 12) & 0x3F));
      }
      out[i++] = (byte) (0x80 | ((codePoint >> 6) & 0x3F));
    }
    out[i++] = (byte) (0x80 | (codePoint & 0x3F));
    return i;
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
