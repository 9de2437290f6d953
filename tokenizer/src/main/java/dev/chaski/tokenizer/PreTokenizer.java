package dev.chaski.tokenizer;

import static dev.chaski.tokenizer.CodePointClass.LETTER;
import static dev.chaski.tokenizer.CodePointClass.NEWLINE;
import static dev.chaski.tokenizer.CodePointClass.NUMBER;
import static dev.chaski.tokenizer.CodePointClass.OTHER;
import static dev.chaski.tokenizer.CodePointClass.SPACE;

/**
 * Splits text into pre-tokens, the pieces across which nothing is ever merged, exactly as the Llama
 * 3 pattern ({@link #PATTERN}) does, but on UTF-8 bytes and without a regular expression engine.
 *
 * <p>The alternatives of the pattern are tried in order at each position, and every character
 * belongs to some match, so a text is cut into adjacent pieces:
 *
 * <ol>
 *   <li>{@code 's 't 're 've 'm 'll 'd} in any case ({@code ſ}, U+017F, folds to {@code s});
 *   <li>letters, with one character before them that is no letter, number or line break;
 *   <li>one to three numbers;
 *   <li>other characters, with one space before and line breaks after them;
 *   <li>white space up to and including its last line break;
 *   <li>white space, less its last character if something else follows;
 *   <li>white space.
 * </ol>
 */
final class PreTokenizer {
  /** The split pattern of Llama 3, as checkpoints spell it. */
  static final String PATTERN =
      "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,3}"
          + "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";

  private static final int MAX_NUMBERS = 3;

  private PreTokenizer() {}

  /**
   * The end of the pre-token that begins at {@code from}.
   *
   * @param text well-formed UTF-8
   * @param from first byte of a character, less than {@code to}
   * @param to end of the text: what lies behind is not looked at
   */
  static int end(byte[] text, int from, int to) {
    byte lead = text[from];
    int next = from + Utf8.length(lead);
    return switch (CodePointClass.at(text, from)) {
      case LETTER -> endOfLetters(text, next, to);
      case NUMBER -> endOfNumbers(text, next, to);
      case SPACE -> {
        int following = next < to ? CodePointClass.at(text, next) : SPACE;
        if (following == LETTER) {
          yield endOfLetters(text, next, to);
        }
        if (following == OTHER && lead == ' ') {
          yield endOfOthers(text, next, to);
        }
        yield endOfWhiteSpace(text, from, to);
      }
      case NEWLINE -> endOfWhiteSpace(text, from, to);
      default -> {
        int contraction = lead == '\'' ? contraction(text, next, to) : 0;
        if (contraction > 0) {
          yield next + contraction;
        }
        if (next < to && CodePointClass.at(text, next) == LETTER) {
          yield endOfLetters(text, next, to);
        }
        yield endOfOthers(text, next, to);
      }
    };
  }

  /** The number of bytes behind an apostrophe that make an English contraction with it, or 0. */
  private static int contraction(byte[] text, int at, int to) {
    if (at >= to) {
      return 0;
    }
    int first = lowerCase(text[at]);
    int second = at + 1 < to ? lowerCase(text[at + 1]) : 0;
    return switch (first) {
      case 's', 't', 'm', 'd' -> 1;
      case 'r', 'v' -> second == 'e' ? 2 : 0;
      case 'l' -> second == 'l' ? 2 : 0;
      case (byte) 0xC5 -> at + 1 < to && text[at + 1] == (byte) 0xBF ? 2 : 0; // U+017F
      default -> 0;
    };
  }

  private static int lowerCase(byte b) {
    return b >= 'A' && b <= 'Z' ? b | 0x20 : b;
  }

  private static int endOfLetters(byte[] text, int from, int to) {
    int i = from;
    // Eight bytes at a time: the length of a word is hard to predict, so a loop costs more.
    while (i + Long.BYTES <= to) {
      int letters = ByteStrings.numLetters(text, i);
      i += letters;
      if (letters < Long.BYTES) {
        if (text[i] >= 0 || CodePointClass.at(text, i) != LETTER) {
          return i;
        }
        i += Utf8.length(text[i]);
      }
    }
    while (i < to && CodePointClass.at(text, i) == LETTER) {
      i += Utf8.length(text[i]);
    }
    return i;
  }

  private static int endOfNumbers(byte[] text, int from, int to) {
    int i = from;
    for (int n = 1; n < MAX_NUMBERS && i < to && CodePointClass.at(text, i) == NUMBER; n++) {
      i += Utf8.length(text[i]);
    }
    return i;
  }

  private static int endOfOthers(byte[] text, int from, int to) {
    int i = from;
    while (i < to && CodePointClass.at(text, i) == OTHER) {
      i += Utf8.length(text[i]);
    }
    while (i < to && (text[i] == '\n' || text[i] == '\r')) {
      i++;
    }
    return i;
  }

  /** Alternatives 5 to 7. */
  private static int endOfWhiteSpace(byte[] text, int from, int to) {
    int i = from;
    int last = from;
    int afterNewline = -1;
    while (i < to) {
      int codePointClass = CodePointClass.at(text, i);
      if (codePointClass != SPACE && codePointClass != NEWLINE) {
        break;
      }
      last = i;
      i += Utf8.length(text[i]);
      if (codePointClass == NEWLINE) {
        afterNewline = i;
      }
    }
    if (afterNewline >= 0) {
      return afterNewline;
    }
    return i < to && last > from ? last : i;
  }
}
