package dev.chaski.load;

import dev.chaski.format.Excerpt;
import dev.chaski.format.JsonObject;
import dev.chaski.format.ModelFormatException;
import dev.chaski.format.UnsupportedModelException;
import dev.chaski.kernels.RopePairing;
import dev.chaski.model.LlamaConfig;
import dev.chaski.model.RopeScaling;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Reads {@link LlamaConfig} from {@code config.json}. Key names: {@code LlamaConfig} of the
 * transformers library; those of its version 5 ({@code rope_parameters}) are understood too. The
 * type that the file gives for the weights is ignored: each tensor says its own.
 *
 * <p><b>Rotation.</b> These checkpoints store the rows of Q and K so that values i and i + headDim
 * / 2 of a head rotate together, where GGUF stores neighbours. We keep the rows where they are in
 * the mapped file and rotate by {@link RopePairing#HALF_SPLIT}: it costs the kernels nothing, while
 * rows put into GGUF's order would be a copy of Q and K that no process could share (72 GB for 405B
 * in BF16).
 */
final class HfConfig {
  private static final String ARCHITECTURE = "LlamaForCausalLM";
  private static final String MODEL_TYPE = "llama";
  private static final double DEFAULT_ROPE_THETA = 10_000;

  /** Where the numbers of a config come from. */
  private static final Map<String, String> KEYS =
      Map.ofEntries(
          Map.entry("hiddenSize", "hidden_size"),
          Map.entry("intermediateSize", "intermediate_size"),
          Map.entry("numLayers", "num_hidden_layers"),
          Map.entry("numHeads", "num_attention_heads"),
          Map.entry("numKvHeads", "num_key_value_heads"),
          Map.entry("headDim", "head_dim"),
          Map.entry("vocabSize", "vocab_size"),
          Map.entry("contextLength", "max_position_embeddings"),
          Map.entry("rmsNormEps", "rms_norm_eps"),
          Map.entry("ropeTheta", "rope_theta"),
          Map.entry("rope scaling", "rope_scaling"));

  private final JsonObject config;

  HfConfig(JsonObject config) {
    this.config = config;
  }

  LlamaConfig read() throws IOException {
    checkArchitecture();
    refuse("attention_bias");
    refuse("mlp_bias");
    checkActivation();
    int hiddenSize = config.getInt("hidden_size");
    int numHeads = config.getInt("num_attention_heads");
    Optional<JsonObject> rope =
        config.contains("rope_scaling")
            ? config.findObject("rope_scaling")
            : config.findObject("rope_parameters");
    try {
      return new LlamaConfig(
          hiddenSize,
          config.getInt("intermediate_size"),
          config.getInt("num_hidden_layers"),
          numHeads,
          config.findInt("num_key_value_heads").orElse(numHeads),
          headDim(hiddenSize, numHeads),
          config.getInt("vocab_size"),
          config.getInt("max_position_embeddings"),
          (float) config.getDouble("rms_norm_eps"),
          ropeTheta(rope),
          rope.isPresent() ? ropeScaling(rope.get()) : new RopeScaling.None(),
          RopePairing.HALF_SPLIT);
    } catch (IllegalArgumentException e) {
      throw new ModelFormatException(
          config.path(),
          ModelFormatException.UNKNOWN_OFFSET,
          "the model's numbers are impossible: " + FieldNames.translate(e.getMessage(), KEYS),
          e);
    }
  }

  /** Whether the output matrix is the token embedding. */
  boolean isTied() throws ModelFormatException {
    return config.findBoolean("tie_word_embeddings").orElse(false);
  }

  private void checkArchitecture() throws IOException {
    List<String> architectures = config.findStrings("architectures");
    if (architectures.isEmpty()) {
      String type = config.getString("model_type");
      if (!type.equals(MODEL_TYPE)) {
        throw unsupported(
            "the model type is " + Excerpt.quoted(type) + ", supported is '" + MODEL_TYPE + "'");
      }
    } else if (!architectures.contains(ARCHITECTURE)) {
      throw unsupported(
          "the architecture is "
              + Excerpt.quoted(String.join(", ", architectures))
              + ", supported is '"
              + ARCHITECTURE
              + "'");
    }
  }

  private void refuse(String flag) throws IOException {
    if (config.findBoolean(flag).orElse(false)) {
      throw unsupported("'" + flag + "' is true; supported are Llama models without biases");
    }
  }

  private void checkActivation() throws IOException {
    String activation = config.findString("hidden_act").orElse("silu");
    if (!activation.equals("silu")) {
      throw unsupported("'hidden_act' is " + Excerpt.quoted(activation) + "; supported is 'silu'");
    }
  }

  private int headDim(int hiddenSize, int numHeads) throws IOException {
    if (config.contains("head_dim")) {
      return config.getInt("head_dim");
    }
    if (numHeads < 1 || hiddenSize % numHeads != 0) {
      throw config.fault(
          "hidden_size",
          "is "
              + hiddenSize
              + ", not a multiple of 'num_attention_heads' "
              + numHeads
              + ", and there is no 'head_dim'");
    }
    return hiddenSize / numHeads;
  }

  private double ropeTheta(Optional<JsonObject> rope) throws IOException {
    OptionalDouble theta = config.findDouble("rope_theta");
    if (theta.isEmpty() && rope.isPresent()) {
      theta = rope.get().findDouble("rope_theta");
    }
    return theta.orElse(DEFAULT_ROPE_THETA);
  }

  private RopeScaling ropeScaling(JsonObject rope) throws IOException {
    String key = rope.contains("rope_type") ? "rope_type" : "type";
    String type = rope.getString(key);
    return switch (type) {
      case "default" -> new RopeScaling.None();
      case "linear" -> new RopeScaling.Linear(rope.getDouble("factor"));
      case "llama3" ->
          new RopeScaling.Llama3(
              rope.getDouble("factor"),
              rope.getDouble("low_freq_factor"),
              rope.getDouble("high_freq_factor"),
              rope.getInt("original_max_position_embeddings"));
      default ->
          throw unsupported(
              "the rope scaling is of type "
                  + Excerpt.quoted(type)
                  + "; supported are default, linear and llama3");
    };
  }

  private UnsupportedModelException unsupported(String reason) {
    return new UnsupportedModelException(config.path(), reason);
  }
}
