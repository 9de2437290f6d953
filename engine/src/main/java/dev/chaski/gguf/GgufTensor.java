package dev.chaski.gguf;

import dev.chaski.kernels.TensorType;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.List;

/**
 * One tensor, left where it is in the mapped file.
 *
 * @param name unique in the model
 * @param type how the values are stored
 * @param shape in ggml's order, innermost first: a matrix of {@code rows x columns} has shape
 *     {@code [columns, rows]}; 0 to 4 dimensions, each at least 1
 * @param data exactly the bytes of the tensor, read-only; after the file is closed any access is an
 *     {@link IllegalStateException}
 * @param file the file (of a split model: the part) that holds it
 * @param offset of the first byte of {@code data} in {@code file}
 */
public record GgufTensor(
    String name, TensorType type, List<Long> shape, MemorySegment data, Path file, long offset) {

  /** Copies the shape. */
  public GgufTensor {
    shape = List.copyOf(shape);
  }

  /** Values in one row, which are contiguous: the innermost dimension. */
  public long columns() {
    return shape.isEmpty() ? 1 : shape.getFirst();
  }

  /** Number of rows: the product of all dimensions but the innermost. */
  public long rows() {
    return shape.stream().skip(1).reduce(1L, (a, b) -> a * b);
  }

  /** Number of values. */
  public long size() {
    return rows() * columns();
  }
}
