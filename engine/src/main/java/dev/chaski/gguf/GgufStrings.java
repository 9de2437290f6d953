package dev.chaski.gguf;

/**
 * The strings of an array as they stand in a file, valid UTF-8: ranges of one copy of it. For
 * vocabularies, whose strings are too many to make an object of each.
 */
public final class GgufStrings {
  private final byte[] utf8;
  private final int[] starts;
  private final int[] ends;

  GgufStrings(byte[] utf8, int[] starts, int[] ends) {
    this.utf8 = utf8;
    this.starts = starts;
    this.ends = ends;
  }

  /** How many there are. */
  public int size() {
    return starts.length;
  }

  /** What the strings are ranges of. Not a copy: do not change it. */
  public byte[] utf8() {
    return utf8;
  }

  /** Where each string begins. Not a copy: do not change it. */
  public int[] starts() {
    return starts;
  }

  /** The index behind each string. Not a copy: do not change it. */
  public int[] ends() {
    return ends;
  }
}
