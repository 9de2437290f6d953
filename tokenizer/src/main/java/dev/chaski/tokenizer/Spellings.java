package dev.chaski.tokenizer;

import java.util.AbstractList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.RandomAccess;

/**
 * Texts as ranges of one array of UTF-8: how the tokens and merges of a vocabulary, some hundred
 * thousand of them, come from a file to a tokenizer without a string for each. As a list it makes
 * one at each call. Bytes that are not UTF-8 read as U+FFFD.
 */
public final class Spellings extends AbstractList<String> implements RandomAccess {
  private final byte[] utf8;
  private final int[] starts;
  private final int[] ends;

  /**
   * Texts of an array, in any order; nothing is copied.
   *
   * @param utf8 what the texts are ranges of
   * @param starts where each begins
   * @param ends the index behind each, as many as {@code starts}
   */
  public Spellings(byte[] utf8, int[] starts, int[] ends) {
    if (starts.length != ends.length) {
      throw new IllegalArgumentException(
          "%d starts and %d ends; expected as many".formatted(starts.length, ends.length));
    }
    for (int i = 0; i < starts.length; i++) {
      Objects.checkFromToIndex(starts[i], ends[i], utf8.length);
    }
    this.utf8 = utf8;
    this.starts = starts;
    this.ends = ends;
  }

  /** The texts of a list; the list itself, if it is of this class. */
  static Spellings of(List<String> texts) {
    if (texts instanceof Spellings spellings) {
      return spellings;
    }
    Builder builder = new Builder();
    for (String text : texts) {
      builder.add(text);
    }
    return builder.build();
  }

  @Override
  public String get(int index) {
    return Utf8.text(utf8, starts[index], ends[index]);
  }

  @Override
  public int size() {
    return starts.length;
  }

  /** The array that holds the texts. */
  byte[] utf8() {
    return utf8;
  }

  /** Where a text begins. */
  int start(int index) {
    return starts[index];
  }

  /** The index behind a text. */
  int end(int index) {
    return ends[index];
  }

  boolean areEqual(int index, int other) {
    return Arrays.equals(utf8, starts[index], ends[index], utf8, starts[other], ends[other]);
  }

  /** These texts in another order: text {@code i} is the one that was {@code indices[i]}. */
  Spellings inOrder(int[] indices) {
    int[] newStarts = new int[indices.length];
    int[] newEnds = new int[indices.length];
    for (int i = 0; i < indices.length; i++) {
      newStarts[i] = starts[indices[i]];
      newEnds[i] = ends[indices[i]];
    }
    return new Spellings(utf8, newStarts, newEnds);
  }

  /** Texts in the making, one after the other. */
  static final class Builder {
    private byte[] utf8 = new byte[1 << 16];
    private int[] ends = new int[1 << 12];
    private int size;
    private int length;

    /** Adds a text. */
    void add(String text) {
      makeRoom(text.length());
      for (int i = 0; i < text.length(); i++) {
        char c = text.charAt(i);
        if (c < 0x80) {
          utf8[length++] = (byte) c;
        } else if (c < 0x800) { // all letters of the byte-level alphabet are among them
          utf8[length++] = (byte) (0xC0 | (c >> 6));
          utf8[length++] = (byte) (0x80 | (c & 0x3F));
        } else {
          addBytes(Utf8.bytes(text.substring(i)));
          break;
        }
      }
      ends[size++] = length;
    }

    private void addBytes(byte[] bytes) {
      System.arraycopy(bytes, 0, utf8, length, bytes.length);
      length += bytes.length;
    }

    /** For one more text, at three bytes for each character. */
    private void makeRoom(int characters) {
      int needed = Math.addExact(length, Math.multiplyExact(3, characters));
      if (needed > utf8.length) {
        utf8 = Arrays.copyOf(utf8, (int) Math.min(Integer.MAX_VALUE - 8, 2L * needed));
      }
      if (size == ends.length) {
        ends = Arrays.copyOf(ends, 2 * size);
      }
    }

    int size() {
      return size;
    }

    Spellings build() {
      int[] starts = new int[size];
      if (size > 1) {
        System.arraycopy(ends, 0, starts, 1, size - 1);
      }
      return new Spellings(utf8, starts, Arrays.copyOf(ends, size));
    }
  }
}
