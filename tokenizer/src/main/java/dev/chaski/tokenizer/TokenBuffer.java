package dev.chaski.tokenizer;

import java.util.Arrays;
import java.util.Objects;

/** A growing sequence of token ids. Not safe for use by several threads at once. */
public final class TokenBuffer {
  private int[] ids;
  private int size;

  /** An empty buffer. */
  public TokenBuffer() {
    this(16);
  }

  /** An empty buffer with room for so many ids before it has to grow. */
  public TokenBuffer(int capacity) {
    ids = new int[Math.max(capacity, 1)];
  }

  /** Appends an id. */
  public void add(int id) {
    if (size == ids.length) {
      grow(1);
    }
    ids[size++] = id;
  }

  /** Appends all of {@code more}. */
  public void addAll(int[] more) {
    if (more.length > ids.length - size) {
      grow(more.length);
    }
    System.arraycopy(more, 0, ids, size, more.length);
    size += more.length;
  }

  /** How many ids are held. */
  public int size() {
    return size;
  }

  /** The id at a position; {@link IndexOutOfBoundsException} outside {@code [0, size())}. */
  public int get(int index) {
    return ids[Objects.checkIndex(index, size)];
  }

  /**
   * Keeps the first {@code newSize} ids.
   *
   * @throws IndexOutOfBoundsException if there are not that many
   */
  public void truncate(int newSize) {
    size = Objects.checkIndex(newSize, size + 1);
  }

  /** Removes all ids, keeping the room. */
  public void clear() {
    size = 0;
  }

  /** A copy of the ids. */
  public int[] toArray() {
    return Arrays.copyOf(ids, size);
  }

  private void grow(int needed) {
    long doubled = Math.max(2L * ids.length, (long) size + needed);
    if ((long) size + needed > Integer.MAX_VALUE - 8) {
      throw new OutOfMemoryError("more than 2^31 token ids in one buffer");
    }
    ids = Arrays.copyOf(ids, (int) Math.min(doubled, Integer.MAX_VALUE - 8));
  }
}
