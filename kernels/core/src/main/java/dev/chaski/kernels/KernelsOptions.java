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

  /**
   * One thread for each core that this process may use, within the limits of its container. Two
   * processors that share a core share its arithmetic, and the memory is the limit anyway.
   */
  public static KernelsOptions defaults() {
    int processors = Runtime.getRuntime().availableProcessors();
    int cores = PhysicalCores.ofMachine().orElse(processors);
    return new KernelsOptions(Math.clamp(cores, 1, Math.min(processors, 1024)));
  }
}
