package dev.chaski.convert;

import dev.chaski.format.Excerpt;
import dev.chaski.format.ModelFormatException;
import dev.chaski.format.UnsupportedModelException;
import dev.chaski.kernels.TensorType;
import dev.chaski.kernels.parallel.WorkerPool;
import dev.chaski.kernels.quant.BlockEncoder;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.util.Arrays;
import java.util.function.LongConsumer;

/**
 * Converts one tensor after the other. A tensor goes through a buffer of fixed size, in portions of
 * some pieces; the threads take pieces, and the portion is written when all are done. Pieces are
 * whole blocks of every type, and blocks do not depend on each other, so the bytes are the same for
 * any number of threads.
 */
final class TensorConverter {
  /** Some milliseconds of work, and few enough that a thread's values stay in its cache. */
  private static final int PIECE = 1 << 15;

  /** Pieces of a portion for each thread, so that none waits long for the slowest. */
  private static final int PIECES_PER_THREAD = 4;

  private static final int LARGEST_BYTES_PER_VALUE = Float.BYTES;

  /**
   * Why a piece cannot be converted.
   *
   * @param index of the value in the tensor
   * @param stored what was in the source
   */
  private record Failure(long index, float stored) {}

  private final WorkerPool pool;
  private final float[][] values;
  private final byte[] encoded;
  private final Failure[] failures;

  TensorConverter(WorkerPool pool) {
    this.pool = pool;
    int pieces = Math.multiplyExact(pool.threads(), PIECES_PER_THREAD);
    this.values = new float[pieces][];
    this.encoded = new byte[Math.multiplyExact(pieces, PIECE * LARGEST_BYTES_PER_VALUE)];
    this.failures = new Failure[pieces];
  }

  /**
   * Writes the tensor as {@code type}.
   *
   * @param type one that has an encoder, or the tensor's own
   * @param progress told after each portion how many bytes of the source have been read
   */
  void convert(TensorValues source, TensorType type, WritableByteChannel out, LongConsumer progress)
      throws IOException {
    long portion = (long) values.length * PIECE;
    for (long from = 0; from < source.size(); from += portion) {
      int count = (int) Math.min(portion, source.size() - from);
      convert(source, type, from, count);
      ByteBuffer bytes = ByteBuffer.wrap(encoded, 0, (int) type.byteSize(count));
      while (bytes.hasRemaining()) {
        out.write(bytes);
      }
      progress.accept(source.type().byteSize(from + count));
    }
  }

  private void convert(TensorValues source, TensorType type, long from, int count)
      throws IOException {
    Arrays.fill(failures, null);
    try {
      pool.run(
          Math.ceilDiv(count, PIECE),
          piece -> {
            int start = piece * PIECE;
            failures[piece] =
                convertPiece(source, type, from + start, Math.min(PIECE, count - start), piece);
          });
    } catch (InternalError e) {
      throw new ModelFormatException(
          source.file(), source.offset(), "the file was cut while it was read", e);
    }
    for (Failure failure : failures) {
      if (failure != null) {
        throw describe(source, type, failure);
      }
    }
  }

  /** Fills the piece's part of {@link #encoded}; gives the reason if it cannot, else null. */
  private Failure convertPiece(
      TensorValues source, TensorType type, long from, int count, int piece) {
    if (values[piece] == null) {
      values[piece] = new float[PIECE];
    }
    float[] floats = values[piece];
    source.decode(from, floats, count);
    int bad = indexOfNonFinite(floats, count);
    if (bad >= 0) {
      return new Failure(from + bad, floats[bad]);
    }
    MemorySegment target =
        MemorySegment.ofArray(encoded)
            .asSlice(type.byteSize((long) piece * PIECE), type.byteSize(count));
    if (type == source.type()) {
      source.copy(from, target, count);
      return null;
    }
    encoder(type).encode(floats, 0, target, 0, count);
    return type.blockSize() == 1 ? checkRange(source, type, target, from, floats, count) : null;
  }

  /** Types of single values overflow to infinity; those of blocks do not. */
  private static Failure checkRange(
      TensorValues source,
      TensorType type,
      MemorySegment target,
      long from,
      float[] floats,
      int count) {
    type.decoder().decode(target, 0, floats, 0, count);
    int bad = indexOfNonFinite(floats, count);
    if (bad < 0) {
      return null;
    }
    source.decode(from, floats, count);
    return new Failure(from + bad, floats[bad]);
  }

  private static int indexOfNonFinite(float[] floats, int count) {
    for (int i = 0; i < count; i++) {
      if (!Float.isFinite(floats[i])) {
        return i;
      }
    }
    return -1;
  }

  private static BlockEncoder encoder(TensorType type) {
    return type.encoder()
        .orElseThrow(() -> new IllegalArgumentException("there is no encoder of " + type));
  }

  private static IOException describe(TensorValues source, TensorType type, Failure failure) {
    String holds =
        "tensor %s holds %s at index %d"
            .formatted(Excerpt.quoted(source.name()), failure.stored(), failure.index());
    return Float.isFinite(failure.stored())
        ? new UnsupportedModelException(
            source.file(), holds + ", too large for " + type + "; take F32 or a quantized type")
        : new ModelFormatException(
            source.file(), source.offset(), holds + ", expected finite values");
  }
}
