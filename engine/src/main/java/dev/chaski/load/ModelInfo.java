package dev.chaski.load;

import dev.chaski.kernels.TensorType;
import java.nio.file.Path;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a model file says about itself, for people.
 *
 * @param format file format with its version: {@code GGUF v3}
 * @param name the model's name, if it has one
 * @param files the files it is made of
 * @param byteSize their size together
 * @param types tensors by type
 */
public record ModelInfo(
    String format,
    Optional<String> name,
    List<Path> files,
    long byteSize,
    Map<TensorType, TypeCount> types) {
  /** Copies the collections. */
  public ModelInfo {
    files = List.copyOf(files);
    types = Collections.unmodifiableMap(new EnumMap<>(types));
  }

  /** All tensors together. */
  public TypeCount total() {
    return types.values().stream().reduce(new TypeCount(0, 0, 0), TypeCount::plus);
  }
}
