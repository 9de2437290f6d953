package dev.chaski.model;

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
  private final KvShape shape;
  private final int maxLength;
  private int length;

  /**
   * An empty cache.
   *
   * @param type how keys and values are stored: F16, F32 or Q8_0
   * @param maxLength positions it may grow to
   */
  KvCache(Placement placement, LlamaConfig config, TensorType type, int maxLength) {
    if (maxLength < 1) {
      throw new IllegalArgumentException("a context needs at least 1 position, not " + maxLength);
    }
    this.maxLength = maxLength;
    this.shape = new KvShape(config.numKvHeads(), config.headDim(), type);
    List<KvSlab> slabs = new ArrayList<>();
    for (int i = 0; i < config.numLayers(); i++) {
      slabs.add(placement.ofLayer(i, config).kvSlab(shape));
    }
    this.layers = List.copyOf(slabs);
  }

  /** Bytes that one position takes in all layers, once memory for it is reserved. */
  public static long bytesPerPosition(LlamaConfig config, TensorType type) {
    return config.numLayers()
        * new KvShape(config.numKvHeads(), config.headDim(), type).bytesPerPosition();
  }

  /** How keys and values are stored. */
  TensorType type() {
    return shape.type();
  }

  /** Bytes that one position takes in all layers. */
  public long bytesPerPosition() {
    return layers.size() * shape.bytesPerPosition();
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

  /**
   * Takes over the first positions of another sequence of the model, as if their tokens had been
   * computed here.
   *
   * @param source a sequence stored as the same type
   * @throws IllegalArgumentException if there are not that many, or they do not fit here
   * @throws IllegalStateException if this sequence is not empty
   */
  public void copyFrom(KvCache source, int positions) {
    if (length != 0) {
      throw new IllegalStateException(
          "this sequence has " + length + " positions already; cut it to 0 first");
    }
    if (positions < 0 || positions > source.length || positions > maxLength) {
      throw new IllegalArgumentException(
          "cannot copy %d positions of a sequence of %d to one of at most %d"
              .formatted(positions, source.length, maxLength));
    }
    for (int i = 0; i < layers.size(); i++) {
      layers.get(i).copyFrom(source.layers.get(i), positions);
    }
    length = positions;
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
