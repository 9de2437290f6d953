package dev.chaski.kernels;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.SplittableRandom;

/**
 * Random stored values of any type. Where a type keeps its scales is nobody's business here: bytes
 * are drawn until the scalar decoder makes sensible numbers of them.
 */
public final class RandomBlocks {
  private static final float LARGEST = 64;
  private static final float SMALLEST = 1f / 64;

  /** Of so many blocks one may be smaller than {@link #SMALLEST}: subnormal scales, zeros. */
  private static final int TINY_BLOCKS = 8;

  private static final int ATTEMPTS = 100_000;

  private final SplittableRandom random;

  /** The same seed gives the same numbers. */
  public RandomBlocks(long seed) {
    random = new SplittableRandom(seed);
  }

  /** Uniform numbers of [-limit, limit). */
  public float[] floats(int n, float limit) {
    float[] values = new float[n];
    for (int i = 0; i < n; i++) {
      values[i] = (float) random.nextDouble(-limit, limit);
    }
    return values;
  }

  /** A weight of numbers up to {@link #LARGEST}, (rows, columns), at an odd address. */
  public MemorySegment matrix(Arena arena, TensorType type, int rows, int columns) {
    long size = type.byteSize((long) rows * columns);
    MemorySegment matrix = arena.allocate(size + 1, 64).asSlice(1);
    for (long at = 0; at < size; at += type.bytesPerBlock()) {
      MemorySegment.copy(block(type), 0, matrix, ValueLayout.JAVA_BYTE, at, type.bytesPerBlock());
    }
    return matrix;
  }

  private byte[] block(TensorType type) {
    byte[] block = new byte[type.bytesPerBlock()];
    float[] values = new float[type.blockSize()];
    boolean mayBeTiny = random.nextInt(TINY_BLOCKS) == 0;
    for (int i = 0; i < ATTEMPTS; i++) {
      random.nextBytes(block);
      type.decoder().decode(MemorySegment.ofArray(block), 0, values, 0, values.length);
      float largest = 0;
      for (float value : values) {
        largest = Math.max(largest, Math.abs(value)); // NaN stays
      }
      if (largest <= LARGEST && (mayBeTiny || largest >= SMALLEST)) {
        return block;
      }
    }
    throw new IllegalStateException(
        ATTEMPTS + " random blocks of " + type + ", and none has values up to " + LARGEST);
  }

  /** Any bytes at all: infinities, NaN and whatever scales they make. */
  public MemorySegment bytes(Arena arena, long size) {
    byte[] bytes = new byte[Math.toIntExact(size)];
    random.nextBytes(bytes);
    MemorySegment segment = arena.allocate(size + 1, 64).asSlice(1);
    MemorySegment.copy(bytes, 0, segment, ValueLayout.JAVA_BYTE, 0, bytes.length);
    return segment;
  }
}
