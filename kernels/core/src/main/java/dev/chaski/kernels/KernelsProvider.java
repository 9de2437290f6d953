package dev.chaski.kernels;

/**
 * Makes {@link Kernels} of one kind. Found by {@link java.util.ServiceLoader}; see {@link
 * KernelsChoice}.
 */
public interface KernelsProvider {
  /** One word by which users choose it: {@code scalar}, {@code vector}, {@code tornado}. */
  String name();

  /** The available provider of highest rank is the default. */
  int rank();

  /** Whether it can work in this JVM. Never throws; cheap. */
  Probe probe();

  /** Whether its kernels are slow until the JVM has compiled them, see {@link WarmUp}. */
  default boolean gainsByWarmUp() {
    return false;
  }

  /**
   * Starts the threads and makes the kernels.
   *
   * @throws IllegalStateException if {@link #probe} does not answer {@link Probe.Available}
   */
  Kernels create(KernelsOptions options);

  /** Whether a provider can work here. */
  sealed interface Probe {
    /**
     * It works.
     *
     * @param detail what it will run on
     */
    record Available(String detail) implements Probe {}

    /**
     * It does not.
     *
     * @param reason what is missing
     * @param remedy what the user can do
     */
    record Unavailable(String reason, String remedy) implements Probe {}
  }
}
