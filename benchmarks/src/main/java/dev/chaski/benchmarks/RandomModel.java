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
 * Writes a model of random weights: {@code RandomModel 1b Q8_0 out.gguf}, or {@code RandomModel 1b
 * FP8_DYNAMIC folder} for a Hugging Face checkpoint, see {@link RandomCheckpoint}. It speaks
 * nonsense at the speed of a real one.
 */
public final class RandomModel {
  static final int CONTEXT = 131_072;
  static final float DEVIATION = 0.02f;

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
          "expected: SHAPE TYPE FILE.gguf, for example: 1b Q8_0 random-1b-q8_0.gguf; or SHAPE"
              + " FORM FOLDER, for example: 1b FP8_DYNAMIC random-1b-fp8");
    }
    ModelShape shape = ModelShape.named(args[0]);
    String type = args[1].toUpperCase(Locale.ROOT);
    Path target = Path.of(args[2]);
    if (target.toString().endsWith(".gguf")) {
      write(shape, TensorType.valueOf(type), target);
    } else {
      RandomCheckpoint.write(shape, RandomCheckpoint.Form.valueOf(type), target);
    }
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
    ones("rope_freqs.weight", shape.headDim / 2);
    for (ModelTensor tensor : ModelTensor.of(shape)) {
      String name = tensor.ggufName() + ".weight";
      if (tensor.isMatrix()) {
        List<Long> sizes = List.of((long) tensor.columns(), (long) tensor.rows());
        writer.addTensor(name, type, sizes, out -> blocks.writeTo(out, tensor.size()));
      } else {
        ones(name, tensor.rows());
      }
    }
  }

  private void ones(String name, int size) {
    ByteBuffer values = ByteBuffer.allocate(4 * size).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < size; i++) {
      values.putFloat(1);
    }
    writer.addTensor(name, TensorType.F32, List.of((long) size), out -> out.write(values.rewind()));
  }
}
