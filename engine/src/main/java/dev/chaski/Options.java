package dev.chaski;

import dev.chaski.format.FileAccess;
import dev.chaski.kernels.KernelsOptions;
import dev.chaski.kernels.KvShape;
import dev.chaski.kernels.TensorType;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * How a model is opened.
 *
 * @param kernels the provider that computes ({@code vector}, {@code scalar}), or empty for the best
 * @param threads threads that compute
 * @param contextLength positions of a session at most; 0 for as many as the model was made for
 * @param kvType how sessions store keys and values: F16, F32 for the last bit of fidelity, or Q8_0
 *     for half the memory
 * @param prefillBatch prompt tokens of one forward pass
 * @param prefixCacheBytes memory for what conversations begin with (system message, tools), so that
 *     it is computed once for all sessions; 0 for none
 * @param weightsAccess whether weights are read where they lie in the mapped file, or copied into
 *     memory first, for servers whose files may be changed by others
 * @param gpuLayers with kernels of a device, such as {@code tornado}: how many layers are on it,
 *     the last ones and the output; the rest is on the best kernels of the processor. 0 for none,
 *     as many as the model has (or more) for all; empty for all
 */
public record Options(
    Optional<String> kernels,
    int threads,
    int contextLength,
    TensorType kvType,
    int prefillBatch,
    long prefixCacheBytes,
    FileAccess weightsAccess,
    OptionalInt gpuLayers) {

  private static final long DEFAULT_PREFIX_CACHE_BYTES = 256L << 20;

  /** Checks the values. */
  public Options {
    if (contextLength < 0) {
      throw new IllegalArgumentException(
          "contextLength is " + contextLength + ", it must be 0 (the model's) or more");
    }
    if (!KvShape.isSupported(kvType)) {
      throw new IllegalArgumentException("kvType is " + kvType + ", it must be F16, F32 or Q8_0");
    }
    if (prefillBatch < 1) {
      throw new IllegalArgumentException("prefillBatch is " + prefillBatch + ", at least 1");
    }
    Objects.requireNonNull(weightsAccess, "weightsAccess");
    if (gpuLayers.isPresent() && gpuLayers.getAsInt() < 0) {
      throw new IllegalArgumentException(
          "gpuLayers is " + gpuLayers.getAsInt() + ", it must be 0 (none) or more");
    }
    if (prefixCacheBytes < 0) {
      throw new IllegalArgumentException(
          "prefixCacheBytes is " + prefixCacheBytes + ", it must be 0 (none) or more");
    }
  }

  /** The best kernels on all cores, the model's own context, an F16 cache. */
  public static Options defaults() {
    return new Options(
        Optional.empty(),
        KernelsOptions.defaults().threads(),
        0,
        TensorType.F16,
        512,
        DEFAULT_PREFIX_CACHE_BYTES,
        FileAccess.MAPPED,
        OptionalInt.empty());
  }

  /** The same with the kernels of this name. */
  public Options withKernels(String name) {
    return new Options(
        Optional.of(name),
        threads,
        contextLength,
        kvType,
        prefillBatch,
        prefixCacheBytes,
        weightsAccess,
        gpuLayers);
  }

  /** The same with this many threads. */
  public Options withThreads(int newThreads) {
    return new Options(
        kernels,
        newThreads,
        contextLength,
        kvType,
        prefillBatch,
        prefixCacheBytes,
        weightsAccess,
        gpuLayers);
  }

  /** The same with sessions of this many positions. */
  public Options withContextLength(int newContextLength) {
    return new Options(
        kernels,
        threads,
        newContextLength,
        kvType,
        prefillBatch,
        prefixCacheBytes,
        weightsAccess,
        gpuLayers);
  }

  /** The same with another cache type. */
  public Options withKvType(TensorType newKvType) {
    return new Options(
        kernels,
        threads,
        contextLength,
        newKvType,
        prefillBatch,
        prefixCacheBytes,
        weightsAccess,
        gpuLayers);
  }

  /** The same with another prompt chunk. */
  public Options withPrefillBatch(int newPrefillBatch) {
    return new Options(
        kernels,
        threads,
        contextLength,
        kvType,
        newPrefillBatch,
        prefixCacheBytes,
        weightsAccess,
        gpuLayers);
  }

  /** The same with another limit for what sessions share. */
  public Options withPrefixCacheBytes(long newBytes) {
    return new Options(
        kernels, threads, contextLength, kvType, prefillBatch, newBytes, weightsAccess, gpuLayers);
  }

  /** The same with weights read in another way. */
  public Options withWeightsAccess(FileAccess newAccess) {
    return new Options(
        kernels,
        threads,
        contextLength,
        kvType,
        prefillBatch,
        prefixCacheBytes,
        newAccess,
        gpuLayers);
  }

  /** The same with this many layers on the device. */
  public Options withGpuLayers(int layers) {
    return new Options(
        kernels,
        threads,
        contextLength,
        kvType,
        prefillBatch,
        prefixCacheBytes,
        weightsAccess,
        OptionalInt.of(layers));
  }
}
