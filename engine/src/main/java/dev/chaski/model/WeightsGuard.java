package dev.chaski.model;

import java.io.UncheckedIOException;

/**
 * Watches over what the weights of a model lie in. Where that is a mapped file, reading behind its
 * end can end the process, so a pass asks before it reads. Safe to share between threads.
 */
public interface WeightsGuard {
  /** For weights that cannot get lost. */
  WeightsGuard NONE =
      new WeightsGuard() {
        @Override
        public void beforePass() {}

        @Override
        public void beforeLayer() {}

        @Override
        public UncheckedIOException lost(InternalError fault) {
          throw fault;
        }
      };

  /**
   * Checks that the weights are all there and are what they were.
   *
   * @throws UncheckedIOException if not, with what is wrong
   */
  void beforePass();

  /**
   * Checks that the weights are all there; cheap.
   *
   * @throws UncheckedIOException if not, with what is wrong
   */
  void beforeLayer();

  /** What to throw for an error met in reading weights; one that has other reasons is thrown. */
  UncheckedIOException lost(InternalError fault);
}
