package dev.chaski.convert;

/**
 * Watches a file being written. Called by the thread that called {@link Quantizer#write} or {@link
 * GgufExporter#write}, several times a second.
 */
@FunctionalInterface
public interface QuantizationListener {
  /**
   * A piece of a tensor has been written. An exception ends the work and leaves nothing behind:
   * that is how to cancel it.
   *
   * @param tensor its name
   * @param done bytes of the source's tensors that are dealt with, never less than before; {@code
   *     total} at the end
   * @param total bytes of all tensors of the source
   */
  void onProgress(String tensor, long done, long total);
}
