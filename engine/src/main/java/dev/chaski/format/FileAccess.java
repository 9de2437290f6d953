package dev.chaski.format;

/** How the bytes of a large file are made readable. */
public enum FileAccess {
  /**
   * Where they lie: mapped into memory, nothing copied. Opens at once, is shared with other
   * processes, and gives way when memory is short; but what happens to the file happens to its
   * reader.
   */
  MAPPED,

  /**
   * Copied into memory when the file is opened, after which the file does not matter any more. It
   * takes as much memory as the file is long, and the time to read it.
   */
  IN_MEMORY
}
