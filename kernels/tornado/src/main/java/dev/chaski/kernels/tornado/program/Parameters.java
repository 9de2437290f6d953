package dev.chaski.kernels.tornado.program;

/**
 * How launches get their numbers. A segment of a pass has one buffer of integers that travels to
 * the device before it runs: a block of {@link #COUNT} for each launch, then lists (positions, ids,
 * places of caches). A kernel knows the place of its block, which is the same each time the segment
 * runs, as a constant; a list is found by its place in the buffer.
 */
public final class Parameters {
  /** Integers of a block. */
  public static final int COUNT = 16;

  private Parameters() {}
}
