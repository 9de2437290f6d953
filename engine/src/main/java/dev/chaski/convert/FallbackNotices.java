package dev.chaski.convert;

import dev.chaski.kernels.TensorType;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Tells of tensors whose rows are not whole blocks of the type that was wanted for them. */
final class FallbackNotices {
  private record Fallback(TensorType wanted, long columns, TensorType type) {}

  private final Map<Fallback, Integer> fallbacks = new LinkedHashMap<>();

  /** Counts a tensor, if it does not get what was wanted. */
  void add(TensorType wanted, long columns, TensorType type) {
    if (type != wanted) {
      fallbacks.merge(new Fallback(wanted, columns, type), 1, Integer::sum);
    }
  }

  /** A sentence for each kind of tensor. */
  List<String> sentences() {
    return fallbacks.entrySet().stream()
        .map(entry -> sentence(entry.getKey(), entry.getValue()))
        .toList();
  }

  private static String sentence(Fallback fallback, int tensors) {
    return "%s %s rows of %d values, no multiple of %d: %s instead of %s"
        .formatted(
            count(tensors),
            tensors == 1 ? "has" : "have",
            fallback.columns(),
            fallback.wanted().blockSize(),
            fallback.type(),
            fallback.wanted());
  }

  /** {@code 1 tensor}, {@code 2 tensors}. */
  static String count(int tensors) {
    return tensors == 1 ? "1 tensor" : tensors + " tensors";
  }
}
