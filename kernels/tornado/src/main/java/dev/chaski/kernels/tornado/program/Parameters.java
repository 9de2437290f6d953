package dev.chaski.kernels.tornado.program;

/**
 * How launches get their numbers. A segment of a pass has a block of {@link #COUNT} integers for
 * each launch, which stay on the device as long as they are the same ({@link Numbers}), and a
 * buffer that travels to the device before the segment runs: where the blocks begin, then lists
 * (positions, ids, places of caches). A kernel knows as a constant which block is its own; a list
 * is found by its place in the buffer. A launch that is a segment by itself has its block in the
 * buffer, too.
 */
public final class Parameters {
  /** Integers of a block. */
  public static final int COUNT = 16;

  /** Where a buffer's lists, or its blocks, begin. */
  static final int FIRST = 1;

  private Parameters() {}
}
