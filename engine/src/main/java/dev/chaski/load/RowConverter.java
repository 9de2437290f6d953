package dev.chaski.load;

import dev.chaski.format.ModelFormatException;
import dev.chaski.format.UnsupportedModelException;
import dev.chaski.gguf.GgufWriter;
import dev.chaski.kernels.TensorType;
import dev.chaski.kernels.parallel.WorkerPool;
import dev.chaski.kernels.quant.LittleEndian;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.util.function.IntUnaryOperator;

/** Writes a matrix row by row in another type and order. */
final class RowConverter implements GgufWriter.TensorSource {
  /** Values converted between two writes. */
  private static final int CHUNK_VALUES = 1 << 20;

  /** The largest finite binary16, and half the step beyond it. */
  private static final float LARGEST_HALF = 65_504 + 16;

  private final StoredMatrix matrix;
  private final TensorType target;
  private final IntUnaryOperator rowOrder;
  private final WorkerPool pool;

  /**
   * A converter of all rows.
   *
   * @param rowOrder the row of {@code matrix} that each row of the result comes from
   */
  RowConverter(StoredMatrix matrix, TensorType target, IntUnaryOperator rowOrder, WorkerPool pool) {
    this.matrix = matrix;
    this.target = target;
    this.rowOrder = rowOrder;
    this.pool = pool;
  }

  @Override
  public void writeTo(WritableByteChannel out) throws IOException {
    int rowBytes = Math.toIntExact(target.byteSize(matrix.columns()));
    int chunkRows = Math.clamp(CHUNK_VALUES / matrix.columns(), 1, matrix.rows());
    byte[] chunk = new byte[Math.multiplyExact(chunkRows, rowBytes)];
    MemorySegment segment = MemorySegment.ofArray(chunk);
    for (int first = 0; first < matrix.rows(); first += chunkRows) {
      int start = first;
      int rows = Math.min(chunkRows, matrix.rows() - first);
      try {
        pool.run(rows, i -> convert(start + i, segment, (long) i * rowBytes));
      } catch (UncheckedIOException e) {
        throw e.getCause();
      } catch (InternalError e) {
        throw new ModelFormatException(
            matrix.tensor().file(),
            matrix.tensor().offset(),
            "the file was cut while it was read",
            e);
      }
      ByteBuffer buffer = ByteBuffer.wrap(chunk, 0, rows * rowBytes);
      while (buffer.hasRemaining()) {
        out.write(buffer);
      }
    }
  }

  private void convert(int row, MemorySegment dst, long at) {
    int from = rowOrder.applyAsInt(row);
    if (target == matrix.type()) {
      long rowBytes = matrix.rowBytes();
      MemorySegment.copy(matrix.tensor().data(), from * rowBytes, dst, at, rowBytes);
      return;
    }
    float[] values = new float[matrix.columns()];
    matrix.decodeRow(from, values);
    check(values, from);
    if (target == TensorType.F32) {
      MemorySegment.copy(values, 0, dst, LittleEndian.FLOAT, at, values.length);
    } else {
      target.encoder().orElseThrow().encode(values, 0, dst, at, values.length);
    }
  }

  private void check(float[] values, int row) {
    for (float value : values) {
      if (!Float.isFinite(value)) {
        throw new UncheckedIOException(
            matrix.tensor().fault("holds " + value + " in row " + row + "; expected numbers"));
      }
      if (target == TensorType.F16 && Math.abs(value) >= LARGEST_HALF) {
        throw new UncheckedIOException(
            new UnsupportedModelException(
                matrix.tensor().file(),
                "tensor '"
                    + matrix.tensor().name()
                    + "' holds "
                    + value
                    + ", which is too large for F16; choose BF16 or F32"));
      }
    }
  }
}
