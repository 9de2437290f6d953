package dev.chaski.load;

import dev.chaski.gguf.GgufValueType;
import dev.chaski.gguf.GgufWriter;
import dev.chaski.kernels.TensorType;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * A small Llama model of random weights, as GGUF. Any key and any tensor can be replaced or taken
 * away before it is written, to make a file that is broken in one place.
 */
public final class LlamaGguf {
  private record Weights(TensorType type, List<Long> shape, float[] values) {}

  private final Random random;
  private final Map<String, Object> keys = new LinkedHashMap<>();
  private final Map<String, Weights> tensors = new LinkedHashMap<>();

  /** A whole model of that shape, with the byte-level tokenizer of {@link TinyVocabulary}. */
  public LlamaGguf(LlamaShape shape, long seed) {
    random = new Random(seed);
    key("general.architecture", "llama");
    key("general.name", "random");
    key("llama.embedding_length", shape.hidden());
    key("llama.feed_forward_length", shape.intermediate());
    key("llama.block_count", shape.layers());
    key("llama.attention.head_count", shape.heads());
    key("llama.attention.head_count_kv", shape.kvHeads());
    key("llama.attention.key_length", shape.headDim());
    key("llama.attention.value_length", shape.headDim());
    key("llama.context_length", 64);
    key("llama.attention.layer_norm_rms_epsilon", 1e-5f);
    key("llama.rope.freq_base", 500f);
    rope(shape);
    key("tokenizer.ggml.model", "gpt2");
    key("tokenizer.ggml.pre", "llama-bpe");
    key("tokenizer.ggml.tokens", TinyVocabulary.tokens());
    key("tokenizer.ggml.token_type", TinyVocabulary.types());
    key("tokenizer.ggml.merges", List.of());
    key("tokenizer.ggml.bos_token_id", TinyVocabulary.BOS);
    key("tokenizer.ggml.eos_token_id", TinyVocabulary.EOT);
    weights(shape);
  }

  private void rope(LlamaShape shape) {
    switch (shape.rope()) {
      case NONE -> {}
      case LINEAR -> {
        key("llama.rope.scaling.type", "linear");
        key("llama.rope.scaling.factor", 2.5f);
      }
      case LLAMA3 -> {
        key("llama.rope.scaling.type", "llama3");
        key("llama.rope.scaling.factor", 8f);
        key("llama.rope.scaling.low_freq_factor", 1f);
        key("llama.rope.scaling.high_freq_factor", 4f);
        key("llama.rope.scaling.original_context_length", 16);
      }
      case FACTORS -> {
        float[] factors = new float[shape.headDim() / 2];
        for (int i = 0; i < factors.length; i++) {
          factors[i] = 1 + 3 * random.nextFloat();
        }
        tensor("rope_freqs.weight", TensorType.F32, List.of((long) factors.length), factors);
      }
    }
  }

  private void weights(LlamaShape shape) {
    TensorType type = shape.type();
    int hidden = shape.hidden();
    int query = shape.heads() * shape.headDim();
    int kv = shape.kvHeads() * shape.headDim();
    matrix("token_embd.weight", type, shape.vocab(), hidden);
    for (int i = 0; i < shape.layers(); i++) {
      String block = "blk." + i + ".";
      vector(block + "attn_norm.weight", hidden);
      matrix(block + "attn_q.weight", type, query, hidden);
      matrix(block + "attn_k.weight", type, kv, hidden);
      matrix(block + "attn_v.weight", type, kv, hidden);
      matrix(block + "attn_output.weight", type, hidden, query);
      vector(block + "ffn_norm.weight", hidden);
      matrix(block + "ffn_gate.weight", type, shape.intermediate(), hidden);
      matrix(block + "ffn_up.weight", type, shape.intermediate(), hidden);
      matrix(block + "ffn_down.weight", type, hidden, shape.intermediate());
    }
    vector("output_norm.weight", hidden);
    if (!shape.tied()) {
      matrix("output.weight", type, shape.vocab(), hidden);
    }
  }

  /**
   * Sets a key.
   *
   * @param value an {@code Integer} (written as uint32), {@code Long} (int64), {@code Float},
   *     {@code Boolean}, {@code String}, a list of strings, or {@code int[]}
   */
  public LlamaGguf key(String key, Object value) {
    keys.put(key, value);
    return this;
  }

  /** Takes a key away. */
  public LlamaGguf withoutKey(String key) {
    if (keys.remove(key) == null) {
      throw new IllegalArgumentException("no key " + key);
    }
    return this;
  }

  /** Sets a matrix of (rows, columns) of random values that keep the size of what they multiply. */
  public LlamaGguf matrix(String name, TensorType type, int rows, int columns) {
    float[] values = new float[rows * columns];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (random.nextGaussian() / Math.sqrt(columns));
    }
    return tensor(name, type, List.of((long) columns, (long) rows), values);
  }

  /** Sets a vector of values near 1. */
  public LlamaGguf vector(String name, int size) {
    float[] values = new float[size];
    for (int i = 0; i < size; i++) {
      values[i] = (float) (1 + 0.2 * random.nextGaussian());
    }
    return tensor(name, TensorType.F32, List.of((long) size), values);
  }

  /** Sets a tensor; shape innermost first. */
  public LlamaGguf tensor(String name, TensorType type, List<Long> shape, float... values) {
    tensors.put(name, new Weights(type, shape, values));
    return this;
  }

  /** Takes a tensor away. */
  public LlamaGguf withoutTensor(String name) {
    if (tensors.remove(name) == null) {
      throw new IllegalArgumentException("no tensor " + name);
    }
    return this;
  }

  /** Writes one file. */
  public Path writeTo(Path file) throws IOException {
    GgufWriter writer = new GgufWriter();
    keys.forEach((key, value) -> put(writer, key, value));
    tensors.forEach((name, weights) -> put(writer, name, weights));
    writer.writeTo(file);
    return file;
  }

  /** Writes a model in parts, with the keys in the first; gives the parts. */
  public List<Path> writeParts(Path folder, int parts) throws IOException {
    List<Path> files = new ArrayList<>();
    List<String> names = List.copyOf(tensors.keySet());
    for (int part = 0; part < parts; part++) {
      GgufWriter writer = new GgufWriter();
      if (part == 0) {
        keys.forEach((key, value) -> put(writer, key, value));
      }
      writer.putInteger("split.no", GgufValueType.UINT16, part);
      writer.putInteger("split.count", GgufValueType.UINT16, parts);
      writer.putInteger("split.tensors.count", GgufValueType.INT32, names.size());
      int from = names.size() * part / parts;
      int to = names.size() * (part + 1) / parts;
      names.subList(from, to).forEach(name -> put(writer, name, tensors.get(name)));
      Path file = folder.resolve("random-%05d-of-%05d.gguf".formatted(part + 1, parts));
      writer.writeTo(file);
      files.add(file);
    }
    return files;
  }

  private static void put(GgufWriter writer, String key, Object value) {
    switch (value) {
      case Integer number -> writer.putUint32(key, number);
      case Long number -> writer.putInteger(key, GgufValueType.INT64, number);
      case Float number -> writer.putFloat(key, number);
      case Boolean flag -> writer.putBoolean(key, flag);
      case String text -> writer.putString(key, text);
      case List<?> texts -> writer.putStrings(key, texts.stream().map(String.class::cast).toList());
      case int[] numbers -> {
        long[] longs = new long[numbers.length];
        for (int i = 0; i < longs.length; i++) {
          longs[i] = numbers[i];
        }
        writer.putIntegers(key, GgufValueType.INT32, longs);
      }
      default -> throw new IllegalArgumentException(key + ": " + value.getClass());
    }
  }

  private static void put(GgufWriter writer, String name, Weights weights) {
    float[] values = weights.values();
    MemorySegment bytes =
        MemorySegment.ofArray(new byte[(int) weights.type().byteSize(values.length)]);
    if (weights.type() == TensorType.F32) {
      bytes.copyFrom(MemorySegment.ofArray(values));
    } else {
      weights.type().encoder().orElseThrow().encode(values, 0, bytes, 0, values.length);
    }
    writer.addTensor(name, weights.type(), weights.shape(), bytes);
  }
}
