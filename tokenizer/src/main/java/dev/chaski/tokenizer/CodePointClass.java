package dev.chaski.tokenizer;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The five classes of characters that the Llama 3 split pattern tells apart.
 *
 * <p>Beyond ASCII they come from the resource {@code code-point-classes.txt} (Unicode 16), not from
 * the running JDK's tables, so that a text has the same ids on every JDK.
 */
final class CodePointClass {
  /** Everything else: punctuation, symbols, marks, controls, unassigned. */
  static final byte OTHER = 0;

  /** General category L. */
  static final byte LETTER = 1;

  /** General category N. */
  static final byte NUMBER = 2;

  /** White_Space, but for the two below. */
  static final byte SPACE = 3;

  /** Carriage return and line feed. */
  static final byte NEWLINE = 4;

  private static final byte[] ASCII = new byte[128];

  static {
    Arrays.fill(ASCII, '0', '9' + 1, NUMBER);
    Arrays.fill(ASCII, 'A', 'Z' + 1, LETTER);
    Arrays.fill(ASCII, 'a', 'z' + 1, LETTER);
    Arrays.fill(ASCII, '\t', '\r' + 1, SPACE);
    ASCII[' '] = SPACE;
    ASCII['\n'] = NEWLINE;
    ASCII['\r'] = NEWLINE;
  }

  private CodePointClass() {}

  /** The class of the character that begins at {@code at} in well-formed UTF-8. */
  static int at(byte[] utf8, int at) {
    byte lead = utf8[at];
    return lead >= 0 ? ASCII[lead] : BeyondAscii.of(Utf8.codePointBeyondAscii(utf8, at));
  }

  /** The class of any code point. */
  static int of(int codePoint) {
    return codePoint < 128 ? ASCII[codePoint] : BeyondAscii.of(codePoint);
  }

  /** Two-stage table, read when the first character beyond ASCII is met. */
  private static final class BeyondAscii {
    private static final String RESOURCE = "code-point-classes.txt";
    private static final int PAGE_BITS = 8;
    private static final int PAGE = 1 << PAGE_BITS;

    /** First index in {@link #CLASSES} of each run of 256 code points; most runs share a page. */
    private static final int[] PAGE_OF;

    private static final byte[] CLASSES;

    static {
      int numPages = (Character.MAX_CODE_POINT + 1) >> PAGE_BITS;
      byte[][] pages = new byte[numPages][];
      readInto(pages);
      // Pages 0 to 4 of CLASSES are wholly of one class; the others follow.
      int[] pageOf = new int[numPages];
      byte[] classes = new byte[(5 + numPages) * PAGE];
      int end = 5 * PAGE;
      for (byte c = OTHER; c <= NEWLINE; c++) {
        Arrays.fill(classes, c * PAGE, (c + 1) * PAGE, c);
      }
      for (int p = 0; p < numPages; p++) {
        if (pages[p] == null) {
          pageOf[p] = OTHER * PAGE;
        } else if (isUniform(pages[p])) {
          pageOf[p] = pages[p][0] * PAGE;
        } else {
          System.arraycopy(pages[p], 0, classes, end, PAGE);
          pageOf[p] = end;
          end += PAGE;
        }
      }
      PAGE_OF = pageOf;
      CLASSES = Arrays.copyOf(classes, end);
    }

    static int of(int codePoint) {
      return CLASSES[PAGE_OF[codePoint >> PAGE_BITS] + (codePoint & (PAGE - 1))];
    }

    private static boolean isUniform(byte[] page) {
      for (byte c : page) {
        if (c != page[0]) {
          return false;
        }
      }
      return true;
    }

    /** Reads lines such as {@code 41..5A L} and marks their code points in {@code pages}. */
    private static void readInto(byte[][] pages) {
      try (InputStream in = CodePointClass.class.getResourceAsStream(RESOURCE)) {
        if (in == null) {
          throw new IllegalStateException(
              "resource " + RESOURCE + " is not in the tokenizer's jar");
        }
        BufferedReader lines =
            new BufferedReader(new InputStreamReader(in, StandardCharsets.US_ASCII));
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
          if (!line.startsWith("#")) {
            int dots = line.indexOf('.');
            int blank = line.indexOf(' ');
            int first = Integer.parseInt(line, 0, dots < 0 ? blank : dots, 16);
            int last = dots < 0 ? first : Integer.parseInt(line, dots + 2, blank, 16);
            mark(pages, first, last, classOf(line.charAt(blank + 1)));
          }
        }
      } catch (IOException e) {
        throw new UncheckedIOException("resource " + RESOURCE + " cannot be read", e);
      }
    }

    private static byte classOf(char letter) {
      return switch (letter) {
        case 'L' -> LETTER;
        case 'N' -> NUMBER;
        case 'S' -> SPACE;
        default -> throw new IllegalStateException(RESOURCE + ": unknown class " + letter);
      };
    }

    private static void mark(byte[][] pages, int first, int last, byte codePointClass) {
      for (int from = first; from <= last; ) {
        int page = from >> PAGE_BITS;
        int to = Math.min(last, (page << PAGE_BITS) + PAGE - 1);
        if (pages[page] == null) {
          pages[page] = new byte[PAGE];
        }
        Arrays.fill(pages[page], from & (PAGE - 1), (to & (PAGE - 1)) + 1, codePointClass);
        from = to + 1;
      }
    }
  }
}
