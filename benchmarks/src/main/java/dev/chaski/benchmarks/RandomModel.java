package dev.chaski.benchmarks;

import dev.chaski.gguf.GgufValueType;
import dev.chaski.gguf.GgufWriter;
import dev.chaski.kernels.TensorType;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * Writes a GGUF model of random weights: {@code RandomModel 1b Q8_0 out.gguf}. It speaks nonsense
 * at the speed of a real one.
 */
public final class RandomModel {
  private static final int CONTEXT = 131_072;
  private static final float DEVIATION = 0.02f;

  private final ModelShape shape;
  private final TensorType type;
  private final RandomBlocks blocks;
  private final GgufWriter writer = new GgufWriter();

  private RandomModel(ModelShape shape, TensorType type, long seed) {
    this.shape = shape;
    this.type = type;
    this.blocks = new RandomBlocks(type, DEVIATION, seed);
  }

  /** See the class. */
  public static void main(String[] args) throws IOException {
    if (args.length != 3) {
      throw new IllegalArgumentException(
          "expected: SHAPE TYPE FILE, for example: 1b Q8_0 random-1b-q8_0.gguf");
    }
    write(
        ModelShape.named(args[0]),
        TensorType.valueOf(args[1].toUpperCase(Locale.ROOT)),
        Path.of(args[2]));
  }

  /** Writes a model whose matrices are all of one type; norms and factors are F32. */
  public static void write(ModelShape shape, TensorType type, Path target) throws IOException {
    RandomModel model = new RandomModel(shape, type, 1);
    model.putConfig();
    model.putVocabulary();
    model.addTensors();
    model.writer.writeTo(target);
  }

  private void putConfig() {
    writer
        .putString("general.architecture", "llama")
        .putString("general.name", "random " + shape + " " + type)
        .putUint32("llama.block_count", shape.numLayers)
        .putUint32("llama.context_length", CONTEXT)
        .putUint32("llama.embedding_length", shape.hiddenSize)
        .putUint32("llama.feed_forward_length", shape.intermediateSize)
        .putUint32("llama.attention.head_count", shape.numHeads)
        .putUint32("llama.attention.head_count_kv", shape.numKvHeads)
        .putUint32("llama.attention.key_length", shape.headDim)
        .putUint32("llama.attention.value_length", shape.headDim)
        .putUint32("llama.rope.dimension_count", shape.headDim)
        .putUint32("llama.vocab_size", shape.vocabSize)
        .putFloat("llama.rope.freq_base", 500_000f)
        .putFloat("llama.attention.layer_norm_rms_epsilon", 1e-5f);
  }

  private void putVocabulary() {
    SyntheticVocabulary vocabulary = new SyntheticVocabulary(shape.vocabSize);
    writer
        .putString("tokenizer.ggml.model", "gpt2")
        .putString("tokenizer.ggml.pre", "llama-bpe")
        .putStrings("tokenizer.ggml.tokens", vocabulary.tokens)
        .putIntegers("tokenizer.ggml.token_type", GgufValueType.INT32, vocabulary.types)
        .putStrings("tokenizer.ggml.merges", vocabulary.merges)
        .putUint32("tokenizer.ggml.bos_token_id", vocabulary.id("<|begin_of_text|>"))
        .putUint32("tokenizer.ggml.eos_token_id", vocabulary.id("<|eot_id|>"));
  }

  private void addTensors() {
    int hidden = shape.hiddenSize;
    int query = shape.numHeads * shape.headDim;
    int kv = shape.numKvHeads * shape.headDim;
    matrix("token_embd.weight", shape.vocabSize, hidden);
    ones("rope_freqs.weight", shape.headDim / 2);
    for (int i = 0; i < shape.numLayers; i++) {
      String block = "blk." + i + ".";
      ones(block + "attn_norm.weight", hidden);
      matrix(block + "attn_q.weight", query, hidden);
      matrix(block + "attn_k.weight", kv, hidden);
      matrix(block + "attn_v.weight", kv, hidden);
      matrix(block + "attn_output.weight", hidden, query);
      ones(block + "ffn_norm.weight", hidden);
      matrix(block + "ffn_gate.weight", shape.intermediateSize, hidden);
      matrix(block + "ffn_up.weight", shape.intermediateSize, hidden);
      matrix(block + "ffn_down.weight", hidden, shape.intermediateSize);
    }
    ones("output_norm.weight", hidden);
    if (!shape.tied) {
      matrix("output.weight", shape.vocabSize, hidden);
    }
  }

  private void matrix(String name, int rows, int columns) {
    writer.addTensor(
        name,
        type,
        List.of((long) columns, (long) rows),
        out -> blocks.writeTo(out, (long) rows * columns));
  }

  private void ones(String name, int size) {
    ByteBuffer values = ByteBuffer.allocate(4 * size).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < size; i++) {
      values.putFloat(1);
    }
    writer.addTensor(name, TensorType.F32, List.of((long) size), out -> out.write(values.rewind()));
  }
}
