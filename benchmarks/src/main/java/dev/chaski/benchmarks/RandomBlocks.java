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
    float[] values = new float[PIECE];
    for (int piece = 0; piece < PIECES; piece++) {
      for (int i = 0; i < PIECE; i++) {
        values[i] = (float) random.nextGaussian() * deviation;
      }
      store(values, type.byteSize((long) piece * PIECE));
    }
  }

  private void store(float[] values, long offset) {
    if (type == TensorType.F32) {
      MemorySegment.copy(values, 0, pool, LittleEndian.FLOAT, offset, PIECE);
      return;
    }
    type.encoder()
        .orElseThrow(() -> new IllegalArgumentException("we cannot write " + type))
        .encode(values, 0, pool, offset, PIECE);
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
