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
    int unpaired = unpairedSurrogate(text, 0);
    return (unpaired < 0 ? text : repaired(text, unpaired)).getBytes(StandardCharsets.UTF_8);
  }

  private static String repaired(String text, int firstUnpaired) {
    char[] chars = text.toCharArray();
    for (int i = firstUnpaired; i >= 0; i = unpairedSurrogate(text, i + 1)) {
      chars[i] = '\uFFFD';
    }
    return new String(chars);
  }

  /** Index of the first unpaired surrogate at or after {@code from}, or -1. */
  private static int unpairedSurrogate(String text, int from) {
    int length = text.length();
    for (int i = from; i < length; i++) {
      if (Character.isSurrogate(text.charAt(i))) {
        boolean paired =
            Character.isHighSurrogate(text.charAt(i))
                && i + 1 < length
                && Character.isLowSurrogate(text.charAt(i + 1));
        if (!paired) {
          return i;
        }
        i++;
      }
    }
    return -1;
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
