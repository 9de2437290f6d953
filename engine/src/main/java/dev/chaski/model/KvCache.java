package dev.chaski.model;

import dev.chaski.kernels.Kernels;
import dev.chaski.kernels.KvShape;
import dev.chaski.kernels.KvSlab;
import dev.chaski.kernels.TensorType;
import java.util.ArrayList;
import java.util.List;

/**
 * What one sequence has computed so far: the keys and values of every layer. Memory grows with use.
 * Belongs to one thread at a time; {@link #close} frees the memory.
 */
public final class KvCache implements AutoCloseable {
  private final List<KvSlab> layers;
  private final int maxLength;
  private int length;

  /**
   * An empty cache.
   *
   * @param type how keys and values are stored: F16 or F32
   * @param maxLength positions it may grow to
   */
  KvCache(Kernels kernels, LlamaConfig config, TensorType type, int maxLength) {
    if (maxLength < 1) {
      throw new IllegalArgumentException("a context needs at least 1 position, not " + maxLength);
    }
    this.maxLength = maxLength;
    KvShape shape = new KvShape(config.numKvHeads(), config.headDim(), type);
    List<KvSlab> slabs = new ArrayList<>();
    for (int i = 0; i < config.numLayers(); i++) {
      slabs.add(kernels.kvSlab(shape));
    }
    this.layers = List.copyOf(slabs);
  }

  /** Bytes that one position takes in all layers, once memory for it is reserved. */
  public static long bytesPerPosition(LlamaConfig config, TensorType type) {
    return config.numLayers()
        * new KvShape(config.numKvHeads(), config.headDim(), type).bytesPerPosition();
  }

  /** Positions computed: the next token gets this position. */
  public int length() {
    return length;
  }

  /** Positions it may grow to. */
  public int maxLength() {
    return maxLength;
  }

  /** Bytes taken now. */
  public long byteSize() {
    return layers.stream().mapToLong(KvSlab::byteSize).sum();
  }

  /**
   * Forgets all positions from {@code newLength} on.
   *
   * @throws IllegalArgumentException if there are not that many
   */
  public void truncate(int newLength) {
    if (newLength < 0 || newLength > length) {
      throw new IllegalArgumentException(
          "cannot cut a cache of " + length + " positions to " + newLength);
    }
    length = newLength;
  }

  KvSlab layer(int index) {
    return layers.get(index);
  }

  /** Makes room for positions below {@code newLength}. */
  void reserve(int newLength) {
    for (KvSlab layer : layers) {
      layer.reserve(newLength);
    }
  }

  /** Counts positions that a pass has stored. */
  void advance(int positions) {
    length += positions;
  }

  @Override
  public void close() {
    layers.forEach(KvSlab::close);
  }
}
