package dev.chaski.convert;

import dev.chaski.format.Excerpt;
import dev.chaski.format.ModelFormatException;
import dev.chaski.format.UnsupportedModelException;
import dev.chaski.gguf.GgufFile;
import dev.chaski.gguf.GgufMetadata;
import dev.chaski.gguf.GgufTensor;
import dev.chaski.kernels.TensorType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What every tensor of a file is to become.
 *
 * @param source the open file, which must stay open while the plan is carried out
 * @param fileType what was asked for
 * @param tensors all tensors, in the order of the file
 * @param notices what somebody who asked for {@code fileType} should know, a sentence each; usually
 *     none
 */
public record QuantizationPlan(
    GgufFile source, FileType fileType, List<PlannedTensor> tensors, List<String> notices) {

  /**
   * A tensor and its new type.
   *
   * @param source where it is now
   * @param type what it becomes; the same as it is, if it is only copied
   */
  public record PlannedTensor(GgufTensor source, TensorType type) {
    /** Bytes it will take. */
    public long byteSize() {
      return type.byteSize(source.size());
    }
  }

  private static final String ARCHITECTURE = "llama";

  /** Copies the lists. */
  public QuantizationPlan {
    tensors = List.copyOf(tensors);
    notices = List.copyOf(notices);
  }

  /**
   * Plans a file of type {@code fileType}, by llama.cpp's rules: norms and other vectors stay as
   * they are; the output matrix (or the embedding, if it is both) is {@code Q6_K} or better; in the
   * {@code _M} and {@code _S} types some value and down projections get more bits; rows that are
   * not a multiple of 256 get {@code Q5_0}, {@code Q5_1} or {@code Q8_0} instead of {@code Q4_K},
   * {@code Q5_K} or {@code Q6_K}, and {@code F16} if they are no multiple of 32 either.
   *
   * @throws ModelFormatException if the file lacks the numbers the rules need
   * @throws UnsupportedModelException if it is not a dense Llama model
   */
  public static QuantizationPlan of(GgufFile source, FileType fileType)
      throws ModelFormatException, UnsupportedModelException {
    TensorTypeRules rules = rules(source, fileType);
    List<PlannedTensor> tensors = new ArrayList<>();
    for (GgufTensor tensor : source.tensors()) {
      TensorType type = rules.typeOf(tensor.name(), tensor.shape(), tensor.type());
      tensors.add(new PlannedTensor(tensor, type));
    }
    List<String> notices = new ArrayList<>();
    noticeSecondRounding(tensors, notices);
    noticeFallbacks(rules, tensors, notices);
    return new QuantizationPlan(source, fileType, tensors, notices);
  }

  private static TensorTypeRules rules(GgufFile source, FileType fileType)
      throws ModelFormatException, UnsupportedModelException {
    GgufMetadata metadata = source.metadata();
    String architecture = metadata.getString("general.architecture");
    int experts = metadata.findInt("llama.expert_count").orElse(0);
    if (!architecture.equals(ARCHITECTURE) || experts > 0) {
      throw new UnsupportedModelException(
          source.path(),
          "the architecture is "
              + Excerpt.quoted(architecture)
              + (experts > 0 ? " with " + experts + " experts" : "")
              + "; what can be quantized are dense 'llama' models");
    }
    int heads = metadata.getInt("llama.attention.head_count");
    return new TensorTypeRules(
        fileType,
        metadata.getInt("llama.block_count"),
        metadata.findInt("llama.attention.head_count_kv").orElse(heads) != heads,
        source.tensor("output.weight").isEmpty());
  }

  private static void noticeSecondRounding(List<PlannedTensor> tensors, List<String> notices) {
    Map<TensorType, Integer> rounded = new TreeMap<>();
    for (PlannedTensor tensor : tensors) {
      TensorType from = tensor.source().type();
      if (from.blockSize() > 1 && tensor.type().blockSize() > 1 && from != tensor.type()) {
        rounded.merge(from, 1, Integer::sum);
      }
    }
    rounded.forEach((from, count) ->
        notices.add(
            "%s %s already quantized, as %s: rounding again loses more than quantizing the original"
                .formatted(count(count), count == 1 ? "is" : "are", from)));
  }

  private static void noticeFallbacks(
      TensorTypeRules rules, List<PlannedTensor> tensors, List<String> notices) {
    record Fallback(TensorType wanted, long columns, TensorType type) {}

    Map<Fallback, Integer> fallbacks = new LinkedHashMap<>();
    for (PlannedTensor tensor : tensors) {
      GgufTensor source = tensor.source();
      TensorType wanted = rules.wanted(source.name());
      if (tensor.type() != source.type() && tensor.type() != wanted) {
        fallbacks.merge(new Fallback(wanted, source.columns(), tensor.type()), 1, Integer::sum);
      }
    }
    fallbacks.forEach((fallback, count) ->
        notices.add(
            "%s %s rows of %d values, no multiple of %d: %s instead of %s"
                .formatted(
                    count(count),
                    count == 1 ? "has" : "have",
                    fallback.columns(),
                    fallback.wanted().blockSize(),
                    fallback.type(),
                    fallback.wanted())));
  }

  private static String count(int tensors) {
    return tensors == 1 ? "1 tensor" : tensors + " tensors";
  }

  /** Number of weights. */
  public long values() {
    return tensors.stream().mapToLong(tensor -> tensor.source().size()).sum();
  }

  /** Bytes all tensors take now. */
  public long sourceBytes() {
    return tensors.stream().mapToLong(tensor -> tensor.source().data().byteSize()).sum();
  }

  /** Bytes all tensors will take. */
  public long targetBytes() {
    return tensors.stream().mapToLong(PlannedTensor::byteSize).sum();
  }
}
