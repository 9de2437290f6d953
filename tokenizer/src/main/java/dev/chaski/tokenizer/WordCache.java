package dev.chaski.tokenizer;

import java.util.Arrays;

/**
 * Remembers the tokens of words that had to be merged, since texts repeat their words.
 *
 * <p>Safe for use by several threads without locks: each place holds an immutable entry or null, a
 * reader checks that the entry is the word's, and a race loses at most an entry. Bounded: each
 * place keeps one word of at most {@link #MAX_LENGTH} bytes, the one seen last.
 */
final class WordCache {
  static final int MAX_LENGTH = 48;
  private static final int PLACES = 1 << 13;

  private final Entry[] entries = new Entry[PLACES];

  private static final class Entry {
    final byte[] word;
    final int[] ids;

    Entry(byte[] word, int[] ids) {
      this.word = word;
      this.ids = ids;
    }
  }

  /** The place of a word, for {@link #get} and {@link #put}. */
  static int place(byte[] text, int from, int to) {
    long hash =
        to - from <= ByteStrings.MAX_KEY_LENGTH
            ? ByteStrings.mix(ByteStrings.key(text, from, to))
            : ByteStrings.hash(text, from, to);
    return (int) (hash >>> 20) & (PLACES - 1);
  }

  /** The tokens of {@code text[from, to)}, or null. */
  int[] get(int place, byte[] text, int from, int to) {
    Entry entry = entries[place];
    return entry != null && Arrays.equals(entry.word, 0, entry.word.length, text, from, to)
        ? entry.ids
        : null;
  }

  void put(int place, byte[] text, int from, int to, int[] ids) {
    entries[place] = new Entry(Arrays.copyOfRange(text, from, to), ids);
  }
}
