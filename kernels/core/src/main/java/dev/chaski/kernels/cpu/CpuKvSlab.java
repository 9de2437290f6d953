package dev.chaski.kernels.cpu;

import dev.chaski.kernels.KernelArguments;
import dev.chaski.kernels.KvShape;
import dev.chaski.kernels.KvSlab;
import dev.chaski.kernels.TensorType;
import dev.chaski.kernels.quant.LittleEndian;
import dev.chaski.kernels.quant.Q8_0Encoder;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/**
 * Keys and values in native memory, in blocks of {@link #BLOCK} positions. In a block, keys come
 * first, as (numKvHeads, headDim, BLOCK), then values, as (numKvHeads, BLOCK, headDim): so that
 * attention multiplies whole vectors of neighbouring scores, and of neighbouring outputs, and never
 * has to add up the lanes of one.
 */
public final class CpuKvSlab implements KvSlab {
  /** Positions of a block: small enough not to waste memory, large enough to read in long runs. */
  public static final int BLOCK = 64;

  private final KvShape shape;
  private final Arena arena = Arena.ofShared();
  private final List<MemorySegment> blocks = new ArrayList<>();
  private final long headBytes; // of one block: (BLOCK, headDim)

  CpuKvSlab(KvShape shape) {
    this.shape = shape;
    this.headBytes = shape.type().byteSize((long) BLOCK * shape.headDim());
  }

  @Override
  public KvShape shape() {
    return shape;
  }

  @Override
  public void reserve(int length) {
    requireOpen();
    while ((long) blocks.size() * BLOCK < length) {
      blocks.add(arena.allocate(BLOCK * shape.bytesPerPosition(), 64)); // a cache line
    }
  }

  @Override
  public void copyFrom(KvSlab source, int length) {
    if (!(source instanceof CpuKvSlab other) || !other.shape.equals(shape)) {
      throw KernelArguments.unlike(this, source);
    }
    KernelArguments.checkCopiedLength(length, other.capacity());
    reserve(length);
    // Positions of one block lie among each other. Those behind the last come along, unused.
    for (int block = 0; (long) block * BLOCK < length; block++) {
      blocks.get(block).copyFrom(other.blocks.get(block));
    }
  }

  @Override
  public String toString() {
    return "a cache of " + shape;
  }

  @Override
  public long byteSize() {
    requireOpen();
    return (long) blocks.size() * BLOCK * shape.bytesPerPosition();
  }

  @Override
  public void close() {
    if (arena.scope().isAlive()) {
      arena.close();
    }
  }

  private void requireOpen() {
    if (!arena.scope().isAlive()) {
      throw KernelArguments.closed(shape);
    }
  }

  /** Positions there is room for. */
  long capacity() {
    requireOpen();
    return (long) blocks.size() * BLOCK;
  }

  /**
   * Keys of head {@code head} for positions {@code block * BLOCK ..}: (headDim, BLOCK); laid out as
   * {@link QuantizedKeys} in a quantised cache.
   */
  public MemorySegment keys(int block, int head) {
    return blocks.get(block).asSlice(head * headBytes, headBytes);
  }

  /** Values of head {@code head} for positions {@code block * BLOCK ..}: (BLOCK, headDim). */
  public MemorySegment values(int block, int head) {
    return blocks.get(block).asSlice((shape.numKvHeads() + head) * headBytes, headBytes);
  }

  /** Whether keys are laid out as {@link QuantizedKeys}. */
  public boolean hasQuantizedKeys() {
    return shape.type() == TensorType.Q8_0;
  }

  /** Decodes the keys of a head in a block to (headDim, BLOCK). */
  public void decodeKeys(int block, int head, float[] to) {
    MemorySegment keys = keys(block, head);
    if (hasQuantizedKeys()) {
      QuantizedKeys.decode(keys, shape.headDim(), to);
    } else {
      shape.type().decoder().decode(keys, 0, to, 0, BLOCK * shape.headDim());
    }
  }

  /** Stores the keys and values of one position, each (numKvHeads, headDim) at {@code offset}. */
  void store(int position, float[] k, float[] v, int offset) {
    int block = position / BLOCK;
    int inBlock = position % BLOCK;
    int headDim = shape.headDim();
    for (int head = 0; head < shape.numKvHeads(); head++) {
      int at = offset + head * headDim;
      if (hasQuantizedKeys()) {
        QuantizedKeys.store(keys(block, head), inBlock, headDim, k, at);
        long row = inBlock * shape.type().byteSize(headDim);
        new Q8_0Encoder().encode(v, at, values(block, head), row, headDim);
      } else {
        store(keys(block, head), inBlock, BLOCK, k, at);
        store(values(block, head), inBlock * headDim, 1, v, at);
      }
    }
  }

  /** Stores {@code src[at .. at + headDim)} at indexes {@code first, first + step, …}. */
  private void store(MemorySegment dst, int first, int step, float[] src, int at) {
    for (int i = 0; i < shape.headDim(); i++) {
      long index = first + (long) i * step;
      if (shape.type() == TensorType.F16) {
        dst.set(LittleEndian.SHORT, 2 * index, Float.floatToFloat16(src[at + i]));
      } else {
        dst.set(LittleEndian.FLOAT, 4 * index, src[at + i]);
      }
    }
  }
}
