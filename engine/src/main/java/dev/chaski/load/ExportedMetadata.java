package dev.chaski.load;

import dev.chaski.gguf.GgufValueType;
import dev.chaski.gguf.GgufWriter;
import dev.chaski.kernels.TensorType;
import dev.chaski.model.LlamaConfig;
import dev.chaski.model.RopeScaling;
import java.util.Map;

/**
 * The keys of a GGUF file that describe the model itself. Names: GGUF specification, and {@code
 * gguf-py} of llama.cpp.
 *
 * @param type what most weights are stored as
 */
record ExportedMetadata(HfModel model, TensorType type) {
  /** {@code llama_ftype} of llama.cpp, for the types we write. */
  private static final Map<TensorType, Integer> FILE_TYPES =
      Map.ofEntries(
          Map.entry(TensorType.F32, 0),
          Map.entry(TensorType.F16, 1),
          Map.entry(TensorType.Q4_0, 2),
          Map.entry(TensorType.Q4_1, 3),
          Map.entry(TensorType.Q8_0, 7),
          Map.entry(TensorType.Q5_0, 8),
          Map.entry(TensorType.Q5_1, 9),
          Map.entry(TensorType.Q4_K, 14),
          Map.entry(TensorType.Q5_K, 16),
          Map.entry(TensorType.Q6_K, 18),
          Map.entry(TensorType.BF16, 32));

  /** {@code GGML_QNT_VERSION}. */
  private static final int QUANTIZATION_VERSION = 2;

  static ExportedMetadata of(HfModel model, TensorType type) {
    return new ExportedMetadata(model, type);
  }

  void putAll(GgufWriter writer) {
    writer.putString("general.architecture", GgufConfig.ARCHITECTURE);
    writer.putString("general.type", "model");
    model.folder().name().ifPresent(name -> writer.putString("general.name", name));
    if (FILE_TYPES.containsKey(type)) {
      writer.putUint32("general.file_type", FILE_TYPES.get(type));
    }
    if (type.blockSize() > 1) {
      writer.putUint32("general.quantization_version", QUANTIZATION_VERSION);
    }
    putSampling(writer, model.sampling());
    putConfig(writer, model.config());
  }

  private static void putSampling(GgufWriter writer, DefaultSampling sampling) {
    String prefix = GgufExtras.SAMPLING;
    sampling.temperature().ifPresent(value -> writer.putFloat(prefix + "temp", value));
    sampling
        .topK()
        .ifPresent(value -> writer.putInteger(prefix + "top_k", GgufValueType.INT32, value));
    sampling.topP().ifPresent(value -> writer.putFloat(prefix + "top_p", value));
    sampling.minP().ifPresent(value -> writer.putFloat(prefix + "min_p", value));
    sampling
        .repetitionPenalty()
        .ifPresent(value -> writer.putFloat(prefix + "penalty_repeat", value));
  }

  private static void putConfig(GgufWriter writer, LlamaConfig config) {
    writer.putUint32("llama.vocab_size", config.vocabSize());
    writer.putUint32("llama.context_length", config.contextLength());
    writer.putUint32("llama.embedding_length", config.hiddenSize());
    writer.putUint32("llama.block_count", config.numLayers());
    writer.putUint32("llama.feed_forward_length", config.intermediateSize());
    writer.putUint32("llama.attention.head_count", config.numHeads());
    writer.putUint32("llama.attention.head_count_kv", config.numKvHeads());
    writer.putUint32("llama.attention.key_length", config.headDim());
    writer.putUint32("llama.attention.value_length", config.headDim());
    writer.putFloat("llama.attention.layer_norm_rms_epsilon", config.rmsNormEps());
    writer.putUint32("llama.rope.dimension_count", config.headDim());
    writer.putFloat("llama.rope.freq_base", (float) config.ropeTheta());
    if (config.ropeScaling() instanceof RopeScaling.Linear(double factor)) {
      writer.putString("llama.rope.scaling.type", "linear");
      writer.putFloat("llama.rope.scaling.factor", (float) factor);
    }
  }
}
