package dev.chaski.safetensors;

import dev.chaski.format.Excerpt;
import dev.chaski.format.ModelFormatException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.List;

/**
 * One tensor, left where it is in the mapped file.
 *
 * @param name unique in the checkpoint
 * @param type how the values are stored
 * @param shape outermost first: a matrix of {@code rows x columns} has shape {@code [rows,
 *     columns]}; empty for a single value
 * @param data exactly the bytes of the tensor, little endian and not aligned to anything,
 *     read-only; after the file is closed any access is an {@link IllegalStateException}
 * @param file the file that holds it
 * @param offset of the first byte of {@code data} in {@code file}
 */
public record SafetensorsTensor(
    String name,
    SafetensorsType type,
    List<Long> shape,
    MemorySegment data,
    Path file,
    long offset) {

  /** Copies the shape. */
  public SafetensorsTensor {
    shape = List.copyOf(shape);
  }

  /** Number of values. */
  public long size() {
    return shape.stream().reduce(1L, (a, b) -> a * b);
  }

  /** A fault of this tensor; {@code reason} goes on after its name. */
  public ModelFormatException fault(String reason) {
    return new ModelFormatException(file, offset, "tensor " + Excerpt.quoted(name) + " " + reason);
  }
}
