package dev.chaski.tokenizer;

import java.util.Arrays;

/**
 * The 256 printable characters in which byte-level vocabularies are spelled, one for each byte, as
 * introduced by GPT-2: printable Latin-1 bytes stand for themselves, the other 68 for U+0100
 * onwards in ascending order (so a space is spelled {@code Ġ}, a line feed {@code Ċ}).
 */
final class ByteAlphabet {
  private static final int FIRST_SUBSTITUTE = 0x100;
  private static final char[] CHAR_OF_BYTE = new char[256];

  /** Byte value of a letter, or -1 for a character outside the alphabet. */
  private static final short[] BYTE_OF_CHAR;

  static {
    int substitutes = 0;
    for (int b = 0; b < 256; b++) {
      boolean printable =
          (b >= '!' && b <= '~') || (b >= 0xA1 && b <= 0xAC) || (b >= 0xAE && b <= 0xFF);
      CHAR_OF_BYTE[b] = (char) (printable ? b : FIRST_SUBSTITUTE + substitutes++);
    }
    BYTE_OF_CHAR = new short[FIRST_SUBSTITUTE + substitutes];
    Arrays.fill(BYTE_OF_CHAR, (short) -1);
    for (int b = 0; b < 256; b++) {
      BYTE_OF_CHAR[CHAR_OF_BYTE[b]] = (short) b;
    }
  }

  private ByteAlphabet() {}

  /** The letter for a byte given as 0..255. */
  static char letter(int unsignedByte) {
    return CHAR_OF_BYTE[unsignedByte];
  }

  /**
   * Writes the bytes that a spelling in UTF-8, {@code utf8[from, to)}, stands for to {@code out}
   * from {@code at} on; there are no more of them than of the spelling's.
   *
   * @return the index after the last byte written, or -1 if a character is not in the alphabet
   *     (what was written so far is then garbage)
   */
  static int spell(byte[] utf8, int from, int to, byte[] out, int at) {
    int i = from;
    while (i < to) {
      int letter = utf8[i++];
      if (letter < 0) { // the alphabet's letters beyond ASCII take two bytes
        int low = i < to ? (utf8[i++] & 0xFF) ^ 0x80 : -1;
        if (letter > (byte) 0xC5 || letter < (byte) 0xC2 || low < 0 || low > 0x3F) {
          return -1;
        }
        letter = (letter & 0x1F) << 6 | low;
      }
      if (letter >= BYTE_OF_CHAR.length || BYTE_OF_CHAR[letter] < 0) {
        return -1;
      }
      out[at++] = (byte) BYTE_OF_CHAR[letter];
    }
    return at;
  }
}
