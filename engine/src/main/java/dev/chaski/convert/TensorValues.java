package dev.chaski.convert;

import dev.chaski.kernels.TensorType;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;

/** A tensor to be written again: its values, in the order in which they are to be written. */
interface TensorValues {
  /** The name by which its file knows it. */
  String name();

  /** The file that holds it. */
  Path file();

  /** Where in the file it starts. */
  long offset();

  /** How values are stored. */
  TensorType type();

  /** Number of values. */
  long size();

  /**
   * Decodes values {@code from .. from + count}, whole blocks, to {@code dst[0 .. count)}. Called
   * by several threads at once.
   */
  void decode(long from, float[] dst, int count);

  /** Copies the same values as they are stored, to the whole of {@code dst}. */
  void copy(long from, MemorySegment dst, int count);
}
