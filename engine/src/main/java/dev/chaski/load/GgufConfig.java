package dev.chaski.load;

import dev.chaski.format.Excerpt;
import dev.chaski.format.ModelFormatException;
import dev.chaski.format.UnsupportedModelException;
import dev.chaski.gguf.GgufFile;
import dev.chaski.gguf.GgufMetadata;
import dev.chaski.gguf.GgufTensor;
import dev.chaski.kernels.RopePairing;
import dev.chaski.model.LlamaConfig;
import dev.chaski.model.RopeScaling;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads {@link LlamaConfig} from GGUF keys and tensors. Key names: GGUF specification, "LLM". */
final class GgufConfig {
  static final String ARCHITECTURE = "llama";

  /** The rotation factors, for which GGUF has a tensor and no keys. */
  static final String ROPE_FREQS = "rope_freqs.weight";

  /** The key of the factor before there were other kinds of scaling. */
  private static final String OLD_FACTOR = "llama.rope.scale_linear";

  private static final String SCALING = "llama.rope.scaling.";

  /** Where the numbers of a config come from. */
  private static final Map<String, String> KEYS =
      Map.ofEntries(
          Map.entry("hiddenSize", "llama.embedding_length"),
          Map.entry("intermediateSize", "llama.feed_forward_length"),
          Map.entry("numLayers", "llama.block_count"),
          Map.entry("numHeads", "llama.attention.head_count"),
          Map.entry("numKvHeads", "llama.attention.head_count_kv"),
          Map.entry("headDim", "the size of a head (llama.attention.key_length)"),
          Map.entry("vocabSize", "the number of rows of " + GgufWeights.TOKEN_EMBEDDING),
          Map.entry("contextLength", "llama.context_length"),
          Map.entry("rmsNormEps", "llama.attention.layer_norm_rms_epsilon"),
          Map.entry("ropeTheta", "llama.rope.freq_base"),
          Map.entry("rope scaling", "llama.rope.scaling"));

  private final GgufFile file;
  private final GgufMetadata metadata;

  GgufConfig(GgufFile file) {
    this.file = file;
    this.metadata = file.metadata();
  }

  LlamaConfig read() throws IOException {
    checkArchitecture();
    int hiddenSize = metadata.getInt("llama.embedding_length");
    int numHeads = metadata.getInt("llama.attention.head_count");
    int headDim = headDim(hiddenSize, numHeads);
    try {
      return new LlamaConfig(
          hiddenSize,
          metadata.getInt("llama.feed_forward_length"),
          metadata.getInt("llama.block_count"),
          numHeads,
          metadata.findInt("llama.attention.head_count_kv").orElse(numHeads),
          headDim,
          vocabSize(),
          contextLength(),
          metadata.getFloat("llama.attention.layer_norm_rms_epsilon"),
          metadata.findFloat("llama.rope.freq_base").orElse(10_000f),
          ropeScaling(headDim),
          RopePairing.INTERLEAVED);
    } catch (IllegalArgumentException e) {
      throw broken(
          "the model's numbers are impossible: " + FieldNames.translate(e.getMessage(), KEYS));
    }
  }

  private void checkArchitecture() throws IOException {
    String architecture = metadata.getString("general.architecture");
    if (!architecture.equals(ARCHITECTURE)) {
      throw unsupported(
          "the architecture is " + Excerpt.quoted(architecture) + ", supported is 'llama'");
    }
    int experts = metadata.findInt("llama.expert_count").orElse(0);
    if (experts > 0) {
      throw unsupported("a mixture of " + experts + " experts; supported are dense Llama models");
    }
  }

  private int headDim(int hiddenSize, int numHeads) throws IOException {
    if (numHeads < 1 || hiddenSize < 1) {
      throw broken(
          "llama.attention.head_count is "
              + numHeads
              + " and llama.embedding_length "
              + hiddenSize
              + ", both must be positive");
    }
    int headDim;
    if (metadata.contains("llama.attention.key_length")) {
      headDim = metadata.getInt("llama.attention.key_length");
    } else if (hiddenSize % numHeads == 0) {
      headDim = hiddenSize / numHeads;
    } else {
      throw broken(
          "llama.embedding_length "
              + hiddenSize
              + " is not a multiple of llama.attention.head_count "
              + numHeads);
    }
    if (headDim < 1) {
      throw broken("llama.attention.key_length is " + headDim + ", it must be positive");
    }
    requireHeadDim("llama.attention.value_length", headDim);
    requireHeadDim("llama.rope.dimension_count", headDim);
    return headDim;
  }

  private void requireHeadDim(String key, int headDim) throws IOException {
    int value = metadata.findInt(key).orElse(headDim);
    if (value < 1) {
      throw broken(key + " is " + value + ", it must be positive");
    }
    if (value != headDim) {
      throw unsupported(
          key + " is " + value + " for heads of " + headDim + "; supported is one size for all");
    }
  }

  /** Rows of the embedding: files are not always right about {@code llama.vocab_size}. */
  private int vocabSize() throws IOException {
    GgufTensor embedding = GgufWeights.require(file, GgufWeights.TOKEN_EMBEDDING);
    return (int) Math.min(Integer.MAX_VALUE, embedding.rows());
  }

  /** Contexts beyond what an int can count are as good as endless. */
  private int contextLength() throws IOException {
    return Math.clamp(metadata.getLong("llama.context_length"), 0, Integer.MAX_VALUE);
  }

  private RopeScaling ropeScaling(int headDim) throws IOException {
    String type = metadata.findString(SCALING + "type").orElseGet(this::unnamedScaling);
    Optional<GgufTensor> factors = file.tensor(ROPE_FREQS);
    if (factors.isPresent()) {
      if (!type.equals("none") && !type.equals("llama3") && scalingFactor() != 1) {
        throw unsupported(
            "there is both tensor '"
                + ROPE_FREQS
                + "' and "
                + SCALING
                + "type "
                + Excerpt.quoted(type)
                + "; supported is one of the two");
      }
      return ropeFactors(factors.get(), headDim);
    }
    return switch (type) {
      case "none" -> new RopeScaling.None();
      case "linear" -> new RopeScaling.Linear(scalingFactor());
      case "llama3" ->
          new RopeScaling.Llama3(
              scalingFactor(),
              metadata.getFloat(SCALING + "low_freq_factor"),
              metadata.getFloat(SCALING + "high_freq_factor"),
              metadata.getInt(SCALING + "original_context_length"));
      default ->
          throw unsupported(
              SCALING
                  + "type is "
                  + Excerpt.quoted(type)
                  + "; supported are none, linear, llama3 and the tensor "
                  + ROPE_FREQS);
    };
  }

  /** What is meant where only numbers are given: a factor alone is linear, as in llama.cpp. */
  private String unnamedScaling() {
    if (metadata.contains(SCALING + "low_freq_factor")) {
      return "llama3";
    }
    return metadata.contains(SCALING + "factor") || metadata.contains(OLD_FACTOR)
        ? "linear"
        : "none";
  }

  private float scalingFactor() throws IOException {
    return metadata.contains(OLD_FACTOR) && !metadata.contains(SCALING + "factor")
        ? metadata.getFloat(OLD_FACTOR)
        : metadata.getFloat(SCALING + "factor");
  }

  private RopeScaling ropeFactors(GgufTensor tensor, int headDim) throws IOException {
    if (!tensor.shape().equals(List.of(headDim / 2L))) {
      throw GgufWeights.broken(
          tensor,
          "has shape "
              + tensor.shape()
              + ", expected half the size of a head: ["
              + headDim / 2
              + "]");
    }
    List<Float> values = new ArrayList<>();
    for (float value : GgufWeights.vector(tensor)) {
      if (value <= 0) {
        throw GgufWeights.broken(tensor, "holds the factor " + value + ", expected positive ones");
      }
      values.add(value);
    }
    return new RopeScaling.Factors(values);
  }

  private ModelFormatException broken(String reason) {
    return new ModelFormatException(file.path(), ModelFormatException.UNKNOWN_OFFSET, reason);
  }

  private UnsupportedModelException unsupported(String reason) {
    return new UnsupportedModelException(file.path(), reason);
  }
}
