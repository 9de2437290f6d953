package dev.chaski.kernels.tornado;

import dev.chaski.kernels.KernelArguments;
import dev.chaski.kernels.KvShape;
import dev.chaski.kernels.KvSlab;
import dev.chaski.kernels.TensorType;

/** A cache in the device's array of its type. All work is the kernels', which take the lock. */
final class TornadoKvSlab implements KvSlab {
  /** Positions by which it grows. */
  static final int BLOCK = 64;

  private final KvShape shape;
  private final TornadoKernels kernels;
  private int at;
  private int capacity; // positions
  private boolean closed;

  TornadoKvSlab(KvShape shape, TornadoKernels kernels) {
    this.shape = shape;
    this.kernels = kernels;
  }

  @Override
  public KvShape shape() {
    return shape;
  }

  @Override
  public void reserve(int length) {
    requireOpen();
    if (length > capacity) {
      kernels.reserve(this, Math.multiplyExact(Math.ceilDiv(length, BLOCK), BLOCK));
    }
  }

  @Override
  public void copyFrom(KvSlab source, int length) {
    if (!(source instanceof TornadoKvSlab other) || !other.shape.equals(shape)) {
      throw KernelArguments.unlike(this, source);
    }
    KernelArguments.checkCopiedLength(length, other.capacity());
    reserve(length);
    kernels.copy(other, this, length);
  }

  @Override
  public String toString() {
    return "a cache of " + shape;
  }

  @Override
  public long byteSize() {
    requireOpen();
    return capacity * shape.bytesPerPosition();
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      kernels.release(this);
    }
  }

  private void requireOpen() {
    if (closed) {
      throw KernelArguments.closed(shape);
    }
  }

  /** Positions there is room for. */
  int capacity() {
    requireOpen();
    return capacity;
  }

  /** As {@link #capacity}, also of a closed one. */
  int positions() {
    return capacity;
  }

  /** Where the first element is. */
  int at() {
    return at;
  }

  /** Elements of a position in the array: bytes of blocks, or values. */
  int elementsPerPosition() {
    return shape.type() == TensorType.Q8_0 ? (int) shape.bytesPerPosition() : 2 * shape.columns();
  }

  void move(int at, int capacity) {
    this.at = at;
    this.capacity = capacity;
  }
}
