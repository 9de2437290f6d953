package dev.chaski.convert;

import dev.chaski.kernels.TensorType;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Names and shapes of the tensors of a Llama model, without any values.
 *
 * @param rotationFactors whether there is a {@code rope_freqs.weight}
 */
record LlamaTensors(
    int layers,
    int hidden,
    int intermediate,
    int heads,
    int kvHeads,
    int headDim,
    int vocab,
    boolean tied,
    boolean rotationFactors) {
  static final LlamaTensors LLAMA_2_7B =
      new LlamaTensors(32, 4096, 11008, 32, 32, 128, 32000, false, false);
  static final LlamaTensors LLAMA_3_1_8B =
      new LlamaTensors(32, 4096, 14336, 32, 8, 128, 128256, false, true);
  static final LlamaTensors LLAMA_3_1_70B =
      new LlamaTensors(80, 8192, 28672, 64, 8, 128, 128256, false, true);
  static final LlamaTensors LLAMA_3_2_1B =
      new LlamaTensors(16, 2048, 8192, 32, 8, 64, 128256, true, true);

  TensorTypeRules rules(FileType fileType) {
    return new TensorTypeRules(fileType, layers, heads != kvHeads, tied);
  }

  /** Shapes, innermost first, by name. */
  Map<String, List<Long>> shapes() {
    Map<String, List<Long>> shapes = new LinkedHashMap<>();
    shapes.put("token_embd.weight", matrix(vocab, hidden));
    if (rotationFactors) {
      shapes.put("rope_freqs.weight", List.of(headDim / 2L));
    }
    for (int i = 0; i < layers; i++) {
      String block = "blk." + i + ".";
      shapes.put(block + "attn_norm.weight", List.of((long) hidden));
      shapes.put(block + "attn_q.weight", matrix(heads * headDim, hidden));
      shapes.put(block + "attn_k.weight", matrix(kvHeads * headDim, hidden));
      shapes.put(block + "attn_v.weight", matrix(kvHeads * headDim, hidden));
      shapes.put(block + "attn_output.weight", matrix(hidden, heads * headDim));
      shapes.put(block + "ffn_norm.weight", List.of((long) hidden));
      shapes.put(block + "ffn_gate.weight", matrix(intermediate, hidden));
      shapes.put(block + "ffn_up.weight", matrix(intermediate, hidden));
      shapes.put(block + "ffn_down.weight", matrix(hidden, intermediate));
    }
    shapes.put("output_norm.weight", List.of((long) hidden));
    if (!tied) {
      shapes.put("output.weight", matrix(vocab, hidden));
    }
    return shapes;
  }

  private static List<Long> matrix(int rows, int columns) {
    return List.of((long) columns, (long) rows);
  }

  /** What the rules make of an F16 model with norms of F32. */
  Map<String, TensorType> types(FileType fileType) {
    TensorTypeRules rules = rules(fileType);
    Map<String, TensorType> types = new LinkedHashMap<>();
    shapes()
        .forEach((name, shape) -> {
          TensorType source = shape.size() == 1 ? TensorType.F32 : TensorType.F16;
          types.put(name, rules.typeOf(name, shape, source));
        });
    return types;
  }

  /** Number of tensors of each type. */
  Map<TensorType, Integer> counts(FileType fileType) {
    Map<TensorType, Integer> counts = new EnumMap<>(TensorType.class);
    types(fileType).values().forEach(type -> counts.merge(type, 1, Integer::sum));
    return counts;
  }

  /** Bits of all tensors by the number of their values. */
  double bitsPerWeight(FileType fileType) {
    long values = 0;
    long bytes = 0;
    Map<String, TensorType> types = types(fileType);
    for (Map.Entry<String, List<Long>> tensor : shapes().entrySet()) {
      long size = tensor.getValue().stream().reduce(1L, Math::multiplyExact);
      values += size;
      bytes += types.get(tensor.getKey()).byteSize(size);
    }
    return 8.0 * bytes / values;
  }
}
