package dev.chaski.convert;

import dev.chaski.gguf.GgufValueType;
import dev.chaski.gguf.GgufWriter;
import dev.chaski.load.DefaultSampling;
import dev.chaski.load.HuggingFaceModel;
import dev.chaski.model.LlamaConfig;
import dev.chaski.model.RopeScaling;

/**
 * The keys of a GGUF file that describe the model itself. Names: GGUF specification, and {@code
 * gguf-py} of llama.cpp.
 *
 * @param model the checkpoint
 * @param fileType what most weights are stored as
 */
record ExportedMetadata(HuggingFaceModel model, FileType fileType) {
  /** {@code GGML_QNT_VERSION}. */
  private static final int QUANTIZATION_VERSION = 2;

  private static final String SAMPLING = "general.sampling.";

  void putAll(GgufWriter writer) {
    writer.putString("general.architecture", "llama");
    writer.putString("general.type", "model");
    model.name().ifPresent(name -> writer.putString("general.name", name));
    writer.putUint32("general.file_type", fileType.id());
    if (fileType.tensorType().blockSize() > 1) {
      writer.putUint32("general.quantization_version", QUANTIZATION_VERSION);
    }
    putSampling(writer, model.sampling());
    putConfig(writer, model.config());
  }

  private static void putSampling(GgufWriter writer, DefaultSampling sampling) {
    String prefix = SAMPLING;
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
