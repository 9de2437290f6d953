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
import java.util.Optional;

/** Reads {@link LlamaConfig} from GGUF keys and tensors. Key names: GGUF specification, "LLM". */
final class GgufConfig {
  static final String ARCHITECTURE = "llama";

  /** The rotation factors, for which GGUF has a tensor and no keys. */
  static final String ROPE_FREQS = "rope_freqs.weight";

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
          ropeScaling(),
          RopePairing.INTERLEAVED);
    } catch (IllegalArgumentException e) {
      throw broken("the model's numbers are impossible: " + e.getMessage());
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
    return (int) Math.min(Integer.MAX_VALUE, metadata.getLong("llama.context_length"));
  }

  private RopeScaling ropeScaling() throws IOException {
    Optional<GgufTensor> factors = file.tensor(ROPE_FREQS);
    if (factors.isPresent()) {
      List<Float> values = new ArrayList<>();
      for (float value : GgufWeights.vector(factors.get())) {
        values.add(value);
      }
      return new RopeScaling.Factors(values);
    }
    String type = metadata.findString("llama.rope.scaling.type").orElse("none");
    boolean llama3 = metadata.contains("llama.rope.scaling.low_freq_factor");
    if (type.equals("llama3") || llama3) {
      return new RopeScaling.Llama3(
          metadata.getFloat("llama.rope.scaling.factor"),
          metadata.getFloat("llama.rope.scaling.low_freq_factor"),
          metadata.getFloat("llama.rope.scaling.high_freq_factor"),
          metadata.getInt("llama.rope.scaling.original_context_length"));
    }
    return switch (type) {
      case "none" -> new RopeScaling.None();
      case "linear" -> new RopeScaling.Linear(metadata.getFloat("llama.rope.scaling.factor"));
      default ->
          throw unsupported(
              "llama.rope.scaling.type is "
                  + Excerpt.quoted(type)
                  + "; supported are none, linear, llama3 and the tensor "
                  + ROPE_FREQS);
    };
  }

  private ModelFormatException broken(String reason) {
    return new ModelFormatException(file.path(), ModelFormatException.UNKNOWN_OFFSET, reason);
  }

  private UnsupportedModelException unsupported(String reason) {
    return new UnsupportedModelException(file.path(), reason);
  }
}
