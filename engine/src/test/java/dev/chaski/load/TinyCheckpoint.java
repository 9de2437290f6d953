package dev.chaski.load;

import dev.chaski.kernels.TensorType;
import dev.chaski.kernels.quant.Float8;
import dev.chaski.safetensors.SafetensorsBuilder;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import tools.jackson.databind.json.JsonMapper;

/**
 * A small Llama model of random weights, as a Hugging Face folder. Any key and any tensor can be
 * replaced or taken away before it is written, to make a checkpoint that is broken in one place.
 */
public final class TinyCheckpoint {
  /** Values of the residual stream. */
  public static final int HIDDEN = 48;

  /** Values of the feed-forward block. */
  public static final int INTERMEDIATE = 80;

  /** Transformer blocks. */
  public static final int LAYERS = 2;

  /** Query heads. */
  public static final int HEADS = 4;

  /** Key and value heads. */
  public static final int KV_HEADS = 2;

  /** Values of a head; four of them are more than HIDDEN. */
  public static final int HEAD_DIM = 16;

  /** How matrices are stored, and where FP8 keeps its scales. */
  public enum Form {
    F32,
    F16,
    BF16,
    /** One scale, shape []. */
    FP8_SCALAR,
    /** One scale, shape [1]. */
    FP8_ONE,
    /** One scale for each row, shape [rows]. */
    FP8_ROWS,
    /** One scale for each row, shape [rows, 1], BF16. */
    FP8_COLUMN,
    /** One scale for each block of 32 x 24. */
    FP8_BLOCKS,
    /** The same, by the name of inverse. */
    FP8_INVERSE
  }

  private record Stored(String dtype, List<Integer> shape, byte[] bytes) {}

  private static final int BLOCK_ROWS = 32;
  private static final int BLOCK_COLUMNS = 24;

  private final Random random;
  private final Map<String, Object> config = new LinkedHashMap<>();
  private final Map<String, Object> files = new LinkedHashMap<>(); // text or something for JSON
  private final Map<String, Stored> tensors = new LinkedHashMap<>();
  private final Map<String, float[]> values = new LinkedHashMap<>();

  /** A whole model with the byte-level tokenizer of {@link TinyVocabulary}. */
  public TinyCheckpoint(Form form, boolean tied, long seed) {
    random = new Random(seed);
    config.put("architectures", List.of("LlamaForCausalLM"));
    config.put("model_type", "llama");
    config.put("hidden_size", HIDDEN);
    config.put("intermediate_size", INTERMEDIATE);
    config.put("num_hidden_layers", LAYERS);
    config.put("num_attention_heads", HEADS);
    config.put("num_key_value_heads", KV_HEADS);
    config.put("head_dim", HEAD_DIM);
    config.put("vocab_size", TinyVocabulary.SIZE);
    config.put("max_position_embeddings", 64);
    config.put("rms_norm_eps", 1e-5);
    config.put("rope_theta", 500.0);
    config.put("tie_word_embeddings", tied);
    config.put("eos_token_id", TinyVocabulary.EOT);
    config.put("bos_token_id", TinyVocabulary.BOS);
    if (form.name().startsWith("FP8")) {
      config.put(
          "quantization_config",
          Map.of("quant_method", "fp8", "weight_block_size", List.of(BLOCK_ROWS, BLOCK_COLUMNS)));
    }
    files.put("tokenizer.json", tokenizer());
    files.put("tokenizer_config.json", Map.of("bos_token", "<|begin_of_text|>"));
    weights(form, tied);
  }

  private void weights(Form form, boolean tied) {
    int query = HEADS * HEAD_DIM;
    int kv = KV_HEADS * HEAD_DIM;
    matrix("model.embed_tokens", Form.BF16, TinyVocabulary.SIZE, HIDDEN);
    for (int i = 0; i < LAYERS; i++) {
      String layer = "model.layers." + i + ".";
      vector(layer + "input_layernorm", HIDDEN);
      matrix(layer + "self_attn.q_proj", form, query, HIDDEN);
      matrix(layer + "self_attn.k_proj", form, kv, HIDDEN);
      matrix(layer + "self_attn.v_proj", form, kv, HIDDEN);
      matrix(layer + "self_attn.o_proj", form, HIDDEN, query);
      vector(layer + "post_attention_layernorm", HIDDEN);
      matrix(layer + "mlp.gate_proj", form, INTERMEDIATE, HIDDEN);
      matrix(layer + "mlp.up_proj", form, INTERMEDIATE, HIDDEN);
      matrix(layer + "mlp.down_proj", form, HIDDEN, INTERMEDIATE);
    }
    vector("model.norm", HIDDEN);
    if (!tied) {
      matrix("lm_head", form, TinyVocabulary.SIZE, HIDDEN);
    }
  }

  private void vector(String module, int size) {
    float[] floats = new float[size];
    for (int i = 0; i < size; i++) {
      floats[i] = 0.5f + random.nextFloat();
    }
    String name = module + ".weight";
    tensors.put(name, new Stored("F32", List.of(size), encode(TensorType.F32, floats)));
    values.put(name, floats);
  }

  private void matrix(String module, Form form, int rows, int columns) {
    float[] floats = new float[rows * columns];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = (float) (random.nextGaussian() / Math.sqrt(columns));
    }
    String name = module + ".weight";
    List<Integer> shape = List.of(rows, columns);
    switch (form) {
      case F32, F16, BF16 -> {
        TensorType type = TensorType.valueOf(form.name());
        byte[] bytes = encode(type, floats);
        tensors.put(name, new Stored(form.name(), shape, bytes));
        type.decoder().decode(MemorySegment.ofArray(bytes), 0, floats, 0, floats.length);
      }
      case FP8_SCALAR ->
          scaled(name, floats, shape, new Scales("", "F32", List.of(), rows, columns));
      case FP8_ONE ->
          scaled(name, floats, shape, new Scales("", "BF16", List.of(1), rows, columns));
      case FP8_ROWS ->
          scaled(name, floats, shape, new Scales("", "F32", List.of(rows), 1, columns));
      case FP8_COLUMN ->
          scaled(name, floats, shape, new Scales("", "BF16", List.of(rows, 1), 1, columns));
      case FP8_BLOCKS -> scaled(name, floats, shape, Scales.blocks("", rows, columns));
      case FP8_INVERSE -> scaled(name, floats, shape, Scales.blocks("_inv", rows, columns));
    }
    values.put(name, floats);
  }

  /** Name, type and shape of scales, and the part of the weight that shares one. */
  private record Scales(
      String suffix, String dtype, List<Integer> shape, int blockRows, int blockColumns) {
    static Scales blocks(String suffix, int rows, int columns) {
      List<Integer> shape =
          List.of(Math.ceilDiv(rows, BLOCK_ROWS), Math.ceilDiv(columns, BLOCK_COLUMNS));
      return new Scales(suffix, "F32", shape, BLOCK_ROWS, BLOCK_COLUMNS);
    }
  }

  /** Rounds to FP8, leaving in {@code floats} what that stands for. */
  private void scaled(String name, float[] floats, List<Integer> shape, Scales layout) {
    int columns = shape.get(1);
    int across = Math.ceilDiv(columns, layout.blockColumns());
    float[] scales = new float[Math.ceilDiv(shape.get(0), layout.blockRows()) * across];
    for (int i = 0; i < scales.length; i++) {
      scales[i] = (1 + random.nextInt(128) / 128f) * 0x1p-9f; // also a BF16
    }
    byte[] codes = new byte[floats.length];
    for (int i = 0; i < codes.length; i++) {
      int block = i / columns / layout.blockRows() * across + i % columns / layout.blockColumns();
      codes[i] = Float8.floatToE4m3(floats[i] / scales[block]);
      floats[i] = Float8.e4m3ToFloat(codes[i]) * scales[block];
    }
    tensors.put(name, new Stored("F8_E4M3", shape, codes));
    byte[] bytes = encode(TensorType.valueOf(layout.dtype()), scales);
    tensors.put(
        name + "_scale" + layout.suffix(), new Stored(layout.dtype(), layout.shape(), bytes));
  }

  private static byte[] encode(TensorType type, float[] floats) {
    byte[] bytes = new byte[(int) type.byteSize(floats.length)];
    if (type == TensorType.F32) {
      ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().put(floats);
    } else {
      type.encoder()
          .orElseThrow()
          .encode(floats, 0, MemorySegment.ofArray(bytes), 0, floats.length);
    }
    return bytes;
  }

  private static Map<String, Object> tokenizer() {
    Map<String, Integer> vocabulary = new LinkedHashMap<>();
    List<Map<String, Object>> added = new ArrayList<>();
    List<String> tokens = TinyVocabulary.tokens();
    for (int id = 0; id < tokens.size(); id++) {
      if (id < TinyVocabulary.BOS) {
        vocabulary.put(tokens.get(id), id);
      } else {
        added.add(Map.of("id", id, "content", tokens.get(id), "special", true));
      }
    }
    Map<String, Object> split =
        Map.of(
            "type",
            "Split",
            "pattern",
            Map.of("Regex", LLAMA_3_PATTERN),
            "behavior",
            "Isolated",
            "invert",
            false);
    Map<String, Object> bytes =
        Map.of("type", "ByteLevel", "add_prefix_space", false, "use_regex", false);
    return Map.of(
        "added_tokens", added,
        "pre_tokenizer", Map.of("type", "Sequence", "pretokenizers", List.of(split, bytes)),
        "decoder", Map.of("type", "ByteLevel"),
        "model",
            Map.of("type", "BPE", "ignore_merges", true, "vocab", vocabulary, "merges", List.of()));
  }

  private static final String LLAMA_3_PATTERN =
      "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,3}|"
          + " ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";

  /** Sets a key of {@code config.json}; null takes it away. */
  public TinyCheckpoint config(String key, Object value) {
    return put(config, key, value);
  }

  /** Sets a file: a string is its text, anything else is written as JSON; null takes it away. */
  public TinyCheckpoint file(String name, Object content) {
    return put(files, name, content);
  }

  private TinyCheckpoint put(Map<String, Object> map, String key, Object value) {
    if (value == null) {
      map.remove(key);
    } else {
      map.put(key, value);
    }
    return this;
  }

  /** Sets a tensor of zeros, or of any bytes in which no value is special. */
  public TinyCheckpoint tensor(String name, String dtype, List<Integer> shape, int byteSize) {
    tensors.put(name, new Stored(dtype, shape, new byte[byteSize]));
    return this;
  }

  /** Sets a tensor of floats. */
  public TinyCheckpoint tensor(String name, List<Integer> shape, float... floats) {
    tensors.put(name, new Stored("F32", shape, encode(TensorType.F32, floats)));
    return this;
  }

  /** Takes a tensor away. */
  public TinyCheckpoint without(String name) {
    tensors.remove(name);
    return this;
  }

  /** What the weights stand for, by name: exactly, but for the rounding of products with scales. */
  public Map<String, float[]> values() {
    return values;
  }

  /** Writes the files into a folder, and gives the folder. */
  public Path writeTo(Path folder) throws IOException {
    Files.createDirectories(folder);
    write(folder.resolve("config.json"), config);
    for (Map.Entry<String, Object> file : files.entrySet()) {
      write(folder.resolve(file.getKey()), file.getValue());
    }
    SafetensorsBuilder builder = new SafetensorsBuilder();
    tensors.forEach(
        (name, stored) -> builder.add(name, stored.dtype(), stored.shape(), stored.bytes()));
    builder.writeTo(folder.resolve("model.safetensors"));
    return folder;
  }

  private static void write(Path file, Object content) throws IOException {
    Files.createDirectories(file.getParent());
    if (content instanceof String text) {
      Files.writeString(file, text);
    } else {
      Files.write(file, JsonMapper.shared().writeValueAsBytes(content));
    }
  }
}
