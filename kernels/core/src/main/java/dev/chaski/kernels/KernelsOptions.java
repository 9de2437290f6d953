package dev.chaski.kernels;

/**
 * How kernels may use the machine.
 *
 * @param threads threads that compute, the caller among them; at least 1
 */
public record KernelsOptions(int threads) {
  public KernelsOptions {
    if (threads < 1 || threads > 1024) {
      throw new IllegalArgumentException("threads must be 1 to 1024, not " + threads);
    }
  }

  /** One thread for each processor that this process may use. */
  public static KernelsOptions defaults() {
    return new KernelsOptions(Runtime.getRuntime().availableProcessors());
  }
}
