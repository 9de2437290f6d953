package dev.chaski.benchmarks;

import dev.chaski.kernels.TensorType;
import dev.chaski.kernels.quant.LittleEndian;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.WritableByteChannel;
import java.util.Random;

/**
 * Stored weights with a normal distribution. A pool is encoded once; tensors are made of random
 * pieces of it, so that writing 8B weights takes as long as the disk does.
 */
final class RandomBlocks {
  /** Values of a piece, whole blocks of every type. */
  private static final int PIECE = 1024;

  private static final int PIECES = 2048;

  /** Of values drawn as bytes. */
  private static final float LARGEST = 64;

  private final TensorType type;
  private final MemorySegment pool;
  private final Random random;

  /**
   * A pool of one type.
   *
   * @param deviation standard deviation of the weights
   */
  RandomBlocks(TensorType type, float deviation, long seed) {
    this.type = type;
    this.random = new Random(seed);
    this.pool = Arena.ofAuto().allocate(type.byteSize((long) PIECE * PIECES));
    for (int piece = 0; piece < PIECES; piece++) {
      long offset = type.byteSize((long) piece * PIECE);
      if (type == TensorType.F32 || type.encoder().isPresent()) {
        encode(offset, deviation);
      } else {
        drawBytes(offset);
      }
    }
  }

  private void encode(long offset, float deviation) {
    float[] values = new float[PIECE];
    for (int i = 0; i < PIECE; i++) {
      values[i] = (float) random.nextGaussian() * deviation;
    }
    if (type == TensorType.F32) {
      MemorySegment.copy(values, 0, pool, LittleEndian.FLOAT, offset, PIECE);
    } else {
      type.encoder().orElseThrow().encode(values, 0, pool, offset, PIECE);
    }
  }

  /** For types we cannot write: random bytes, block by block, until they mean small numbers. */
  private void drawBytes(long offset) {
    byte[] bytes = new byte[type.bytesPerBlock()];
    float[] values = new float[type.blockSize()];
    for (long at = offset; at < offset + type.byteSize(PIECE); at += bytes.length) {
      do {
        random.nextBytes(bytes);
        MemorySegment.copy(MemorySegment.ofArray(bytes), 0, pool, at, bytes.length);
        type.decoder().decode(pool, at, values, 0, values.length);
      } while (!areSmall(values));
    }
  }

  private static boolean areSmall(float[] values) {
    for (float value : values) {
      if (!(Math.abs(value) < LARGEST)) {
        return false;
      }
    }
    return true;
  }

  /** Writes {@code values} weights. */
  void writeTo(WritableByteChannel out, long values) throws IOException {
    long left = values;
    while (left > 0) {
      long count = Math.min(left, PIECE * (1L + random.nextInt(PIECES / 2)));
      long first = (long) PIECE * random.nextInt(PIECES / 2);
      MemorySegment piece = pool.asSlice(type.byteSize(first), type.byteSize(count));
      var bytes = piece.asByteBuffer();
      while (bytes.hasRemaining()) {
        out.write(bytes);
      }
      left -= count;
    }
  }
}
