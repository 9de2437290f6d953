package dev.chaski.benchmarks;

import dev.chaski.kernels.TensorType;
import dev.chaski.kernels.quant.LittleEndian;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes the folder of a Hugging Face checkpoint with random weights. FP8 forms are as
 * llm-compressor writes them: matrices of the blocks in FP8, the rest in BF16.
 */
public final class RandomCheckpoint {
  /** How the matrices of the blocks are stored. */
  public enum Form {
    F32(TensorType.F32, "float32"),
    F16(TensorType.F16, "float16"),
    BF16(TensorType.BF16, "bfloat16"),
    /** A scale for each row; inputs would be scaled on the fly. */
    FP8_DYNAMIC(TensorType.F8_E4M3, "bfloat16"),
    /** A scale for each block of 128 by 128. */
    FP8_BLOCK(TensorType.F8_E4M3, "bfloat16"),
    /** One scale for a matrix, and one for its inputs. */
    FP8_TENSOR(TensorType.F8_E4M3, "bfloat16");

    private final TensorType type;
    private final String torchType;

    Form(TensorType type, String torchType) {
      this.type = type;
      this.torchType = torchType;
    }

    /** Of everything but the matrices of blocks. */
    private TensorType otherType() {
      return type == TensorType.F8_E4M3 ? TensorType.BF16 : type;
    }
  }

  private static final long SHARD_BYTES = 5_000_000_000L;
  private static final int SCALE_BLOCK = 128;
  private static final long SEED = 1;

  private final ModelShape shape;
  private final Form form;
  private final RandomBlocks blockWeights;
  private final RandomBlocks otherWeights;
  private final SafetensorsShards shards;

  private RandomCheckpoint(ModelShape shape, Form form, long shardBytes) {
    this.shape = shape;
    this.form = form;
    this.blockWeights = new RandomBlocks(form.type, RandomModel.DEVIATION, SEED);
    this.otherWeights =
        form.otherType() == form.type
            ? blockWeights
            : new RandomBlocks(form.otherType(), RandomModel.DEVIATION, SEED + 1);
    this.shards = new SafetensorsShards(shardBytes);
  }

  /**
   * Writes a checkpoint.
   *
   * @param folder made if it is not there
   */
  public static void write(ModelShape shape, Form form, Path folder) throws IOException {
    write(shape, form, folder, SHARD_BYTES);
  }

  static void write(ModelShape shape, Form form, Path folder, long shardBytes) throws IOException {
    RandomCheckpoint checkpoint = new RandomCheckpoint(shape, form, shardBytes);
    Files.createDirectories(folder);
    checkpoint.writeSettings(folder);
    ModelTensor.of(shape).forEach(checkpoint::addTensor);
    checkpoint.shards.writeTo(folder);
  }

  private void writeSettings(Path folder) throws IOException {
    SyntheticVocabulary vocabulary = new SyntheticVocabulary(shape.vocabSize);
    JsonFile.write(folder.resolve("config.json"), config(vocabulary));
    JsonFile.write(
        folder.resolve("generation_config.json"),
        Map.of(
            "do_sample", true, "temperature", 0.6, "top_p", 0.9, "eos_token_id", eos(vocabulary)));
    JsonFile.write(folder.resolve("tokenizer.json"), RandomTokenizer.document(vocabulary));
    JsonFile.write(folder.resolve("tokenizer_config.json"), RandomTokenizer.config());
  }

  private static List<Integer> eos(SyntheticVocabulary vocabulary) {
    return List.of(vocabulary.id("<|end_of_text|>"), vocabulary.id("<|eot_id|>"));
  }

  private Map<String, Object> config(SyntheticVocabulary vocabulary) {
    Map<String, Object> config = new LinkedHashMap<>();
    config.put("architectures", List.of("LlamaForCausalLM"));
    config.put("model_type", "llama");
    config.put("hidden_size", shape.hiddenSize);
    config.put("intermediate_size", shape.intermediateSize);
    config.put("num_hidden_layers", shape.numLayers);
    config.put("num_attention_heads", shape.numHeads);
    config.put("num_key_value_heads", shape.numKvHeads);
    config.put("head_dim", shape.headDim);
    config.put("vocab_size", shape.vocabSize);
    config.put("max_position_embeddings", RandomModel.CONTEXT);
    config.put("rms_norm_eps", 1e-5);
    config.put("rope_theta", 500_000.0);
    config.put(
        "rope_scaling",
        Map.of(
            "rope_type",
            "llama3",
            "factor",
            8.0,
            "low_freq_factor",
            1.0,
            "high_freq_factor",
            4.0,
            "original_max_position_embeddings",
            8192));
    config.put("hidden_act", "silu");
    config.put("tie_word_embeddings", shape.tied);
    config.put("torch_dtype", form.torchType);
    config.put("bos_token_id", vocabulary.id("<|begin_of_text|>"));
    config.put("eos_token_id", eos(vocabulary));
    if (form.type == TensorType.F8_E4M3) {
      config.put("quantization_config", quantization());
    }
    return config;
  }

  private Map<String, Object> quantization() {
    Map<String, Object> weights = numbers(false);
    Map<String, Object> inputs = numbers(form != Form.FP8_TENSOR);
    switch (form) {
      case FP8_DYNAMIC -> {
        weights.put("strategy", "channel");
        inputs.put("strategy", "token");
      }
      case FP8_BLOCK -> {
        weights.put("strategy", "block");
        weights.put("block_structure", List.of(SCALE_BLOCK, SCALE_BLOCK));
        inputs.put("strategy", "group");
        inputs.put("group_size", SCALE_BLOCK);
      }
      case FP8_TENSOR -> {
        weights.put("strategy", "tensor");
        inputs.put("strategy", "tensor");
      }
      case F32, F16, BF16 -> throw new AssertionError(form);
    }
    Map<String, Object> group =
        Map.of("targets", List.of("Linear"), "weights", weights, "input_activations", inputs);
    return Map.of(
        "quant_method",
        "compressed-tensors",
        "format",
        "float-quantized",
        "quantization_status",
        "compressed",
        "ignore",
        List.of("lm_head"),
        "config_groups",
        Map.of("group_0", group));
  }

  private static Map<String, Object> numbers(boolean dynamic) {
    Map<String, Object> numbers = new LinkedHashMap<>();
    numbers.put("num_bits", 8);
    numbers.put("type", "float");
    numbers.put("symmetric", true);
    numbers.put("dynamic", dynamic);
    return numbers;
  }

  private void addTensor(ModelTensor tensor) {
    String name = tensor.moduleName() + ".weight";
    if (!tensor.isMatrix()) {
      addFilled(name, List.of(tensor.rows()), 1);
      return;
    }
    RandomBlocks weights = tensor.isOfBlock() ? blockWeights : otherWeights;
    TensorType type = tensor.isOfBlock() ? form.type : form.otherType();
    shards.add(
        name,
        type.name(),
        List.of(tensor.rows(), tensor.columns()),
        type.byteSize(tensor.size()),
        out -> weights.writeTo(out, tensor.size()));
    if (tensor.isOfBlock()) {
      addScales(tensor);
    }
  }

  private void addScales(ModelTensor tensor) {
    String name = tensor.moduleName() + ".weight_scale";
    float scale = RandomBlocks.fp8Scale(RandomModel.DEVIATION);
    switch (form) {
      case FP8_DYNAMIC -> addFilled(name, List.of(tensor.rows(), 1), scale);
      case FP8_BLOCK -> {
        int down = Math.ceilDiv(tensor.rows(), SCALE_BLOCK);
        int across = Math.ceilDiv(tensor.columns(), SCALE_BLOCK);
        addFilled(name, List.of(down, across), scale);
      }
      case FP8_TENSOR -> {
        addFilled(name, List.of(1), scale);
        addFilled(tensor.moduleName() + ".input_scale", List.of(1), 1);
      }
      case F32, F16, BF16 -> {} // has none
    }
  }

  /** A small tensor of one value everywhere. */
  private void addFilled(String name, List<Integer> sizes, float value) {
    TensorType type = form.otherType();
    int count = sizes.stream().reduce(1, Math::multiplyExact);
    byte[] bytes = new byte[(int) type.byteSize(count)];
    float[] values = new float[count];
    Arrays.fill(values, value);
    MemorySegment segment = MemorySegment.ofArray(bytes);
    if (type == TensorType.F32) {
      MemorySegment.copy(values, 0, segment, LittleEndian.FLOAT, 0, count);
    } else {
      type.encoder().orElseThrow().encode(values, 0, segment, 0, count);
    }
    shards.add(name, type.name(), sizes, bytes.length, out -> out.write(ByteBuffer.wrap(bytes)));
  }
}
