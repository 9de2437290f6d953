package dev.chaski.convert;

import dev.chaski.gguf.GgufTensor;
import dev.chaski.kernels.TensorType;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;

/** A tensor of a GGUF file. */
record GgufValues(GgufTensor tensor) implements TensorValues {
  @Override
  public String name() {
    return tensor.name();
  }

  @Override
  public Path file() {
    return tensor.file();
  }

  @Override
  public long offset() {
    return tensor.offset();
  }

  @Override
  public TensorType type() {
    return tensor.type();
  }

  @Override
  public long size() {
    return tensor.size();
  }

  @Override
  public void decode(long from, float[] dst, int count) {
    type().decoder().decode(tensor.data(), type().byteSize(from), dst, 0, count);
  }

  @Override
  public void copy(long from, MemorySegment dst, int count) {
    dst.copyFrom(tensor.data().asSlice(type().byteSize(from), dst.byteSize()));
  }
}
