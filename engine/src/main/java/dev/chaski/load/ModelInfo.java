package dev.chaski.load;

import dev.chaski.kernels.TensorType;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

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
  /** Of all bytes; a type that takes less is left out of the summary. */
  private static final double WORTH_NAMING = 0.05;

  /** Copies the collections. */
  public ModelInfo {
    files = List.copyOf(files);
    types = Collections.unmodifiableMap(new EnumMap<>(types));
  }

  /** All tensors together. */
  public TypeCount total() {
    return types.values().stream().reduce(new TypeCount(0, 0, 0), TypeCount::plus);
  }

  /** Size and the types that most bytes are stored in: {@code 1.24 B Q8_0}. */
  public String summary() {
    TypeCount total = total();
    String names =
        types.entrySet().stream()
            .filter(entry -> entry.getValue().bytes() >= WORTH_NAMING * total.bytes())
            .sorted(Comparator.comparingLong(entry -> -entry.getValue().bytes()))
            .map(entry -> entry.getKey().name())
            .collect(Collectors.joining("+"));
    return count(total.values()) + " " + names;
  }

  /** A number of weights as people say it: {@code 1.24 B}, {@code 4.30 M}. */
  public static String count(long weights) {
    return weights >= 1e9
        ? String.format(Locale.ROOT, "%.2f B", weights / 1e9)
        : String.format(Locale.ROOT, "%.2f M", weights / 1e6);
  }
}
