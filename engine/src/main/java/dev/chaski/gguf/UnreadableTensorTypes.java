package dev.chaski.gguf;

import dev.chaski.kernels.TensorType;
import java.util.Arrays;
import java.util.stream.Collectors;

/** What to say about a {@code ggml_type} number that {@link TensorType} does not have. */
final class UnreadableTensorTypes {
  private UnreadableTensorTypes() {}

  static String describe(String quotedName, int id) {
    String name = name(id);
    String known = name.isEmpty() ? "which is not a known type" : "which is " + name;
    String supported =
        Arrays.stream(TensorType.values())
            .filter(TensorType::isInGguf)
            .map(Enum::name)
            .collect(Collectors.joining(" "));
    return "tensor %s has type %s, %s and not supported; supported are %s"
        .formatted(quotedName, Integer.toUnsignedString(id), known, supported);
  }

  /** Name of a {@code ggml_type}; empty for a number never given out. */
  private static String name(int id) {
    return switch (id) {
      case 4 -> "Q4_2 (removed from ggml)";
      case 5 -> "Q4_3 (removed from ggml)";
      case 9 -> "Q8_1";
      case 15 -> "Q8_K";
      case 24 -> "I8";
      case 25 -> "I16";
      case 26 -> "I32";
      case 27 -> "I64";
      case 28 -> "F64";
      case 31 -> "Q4_0_4_4 (removed from ggml; use Q4_0)";
      case 32 -> "Q4_0_4_8 (removed from ggml; use Q4_0)";
      case 33 -> "Q4_0_8_8 (removed from ggml; use Q4_0)";
      case 36 -> "IQ4_NL_4_4 (removed from ggml; use IQ4_NL)";
      case 37 -> "IQ4_NL_4_8 (removed from ggml; use IQ4_NL)";
      case 38 -> "IQ4_NL_8_8 (removed from ggml; use IQ4_NL)";
      case 40 -> "NVFP4";
      case 41 -> "Q1_0";
      case 42 -> "Q2_0";
      default -> "";
    };
  }
}
