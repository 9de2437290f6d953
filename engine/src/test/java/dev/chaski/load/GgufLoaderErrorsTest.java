package dev.chaski.load;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.chaski.format.ModelFormatException;
import dev.chaski.format.UnsupportedModelException;
import dev.chaski.kernels.Kernels;
import dev.chaski.kernels.KernelsChoice;
import dev.chaski.kernels.KernelsOptions;
import dev.chaski.kernels.TensorType;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What a model file can have wrong, and that each error says which key, what and what instead. */
class GgufLoaderErrorsTest {
  @TempDir Path folder;

  private final Kernels kernels =
      KernelsChoice.named("scalar").provider().create(new KernelsOptions(1));

  @AfterEach
  void close() {
    kernels.close();
  }

  private static Arguments broken(String reason, UnaryOperator<LlamaGguf> change) {
    return Arguments.of(reason, change);
  }

  static Stream<Arguments> contradictions() {
    String impossible = "the model's numbers are impossible: ";
    return Stream.of(
        broken(
            "metadata key 'llama.block_count' is missing; expected an integer",
            file -> file.withoutKey("llama.block_count")),
        broken(
            "metadata key 'llama.block_count' is string; expected an integer",
            file -> file.key("llama.block_count", "1")),
        broken(
            impossible + "llama.block_count is 0, it must be 1 to 4096",
            file -> file.key("llama.block_count", 0)),
        broken(
            impossible + "llama.feed_forward_length is 0, it must be 1 to 16777216",
            file -> file.key("llama.feed_forward_length", 0)),
        broken(
            impossible + "llama.context_length is 0, it must be 1 to 2147483647",
            file -> file.key("llama.context_length", -4294967295L)),
        broken(
            impossible
                + "llama.attention.head_count is 4, not a multiple of"
                + " llama.attention.head_count_kv 3",
            file -> file.key("llama.attention.head_count_kv", 3)),
        broken(
            impossible
                + "llama.attention.layer_norm_rms_epsilon is Infinity, it must be above 0 and below"
                + " 1",
            file -> file.key("llama.attention.layer_norm_rms_epsilon", Float.POSITIVE_INFINITY)),
        broken(
            impossible + "llama.rope.freq_base is NaN, it must be finite and at least 1",
            file -> file.key("llama.rope.freq_base", Float.NaN)),
        broken(
            impossible + "llama.rope.scaling factor is -2.0, it must be finite and positive",
            file -> file.key("llama.rope.scaling.factor", -2f)),
        broken(
            impossible
                + "llama.rope.scaling needs 0 < low_freq_factor < high_freq_factor, not 4.0 and"
                + " 1.0",
            file ->
                file.key("llama.rope.scaling.type", "llama3")
                    .key("llama.rope.scaling.factor", 8f)
                    .key("llama.rope.scaling.low_freq_factor", 4f)
                    .key("llama.rope.scaling.high_freq_factor", 1f)
                    .key("llama.rope.scaling.original_context_length", 16)),
        broken(
            "metadata key 'llama.rope.scaling.high_freq_factor' is missing; expected a float",
            file ->
                file.key("llama.rope.scaling.factor", 8f)
                    .key("llama.rope.scaling.low_freq_factor", 1f)),
        broken(
            impossible + "the size of a head (llama.attention.key_length) is 7, it must be even",
            file ->
                file.key("llama.attention.key_length", 7).key("llama.attention.value_length", 7)),
        broken(
            "llama.attention.key_length is 0, it must be positive",
            file -> file.key("llama.attention.key_length", 0)),
        broken(
            "llama.embedding_length 32 is not a multiple of llama.attention.head_count 5",
            file ->
                file.withoutKey("llama.attention.key_length").key("llama.attention.head_count", 5)),
        broken(
            "llama.attention.head_count is 0 and llama.embedding_length 32, both must be positive",
            file -> file.key("llama.attention.head_count", 0)),
        broken(
            "tensor 'blk.0.attn_k.weight' has shape [32, 32], but the model's numbers make it"
                + " [32, 16] (at byte ",
            file -> file.matrix("blk.0.attn_k.weight", TensorType.F32, 32, 32)),
        broken(
            "tensor 'blk.0.ffn_norm.weight' has shape [31], but the model's numbers make it [32]"
                + " (at byte ",
            file -> file.vector("blk.0.ffn_norm.weight", 31)),
        broken(
            "tensor 'output_norm.weight' holds NaN at index 1, expected finite values (at byte ",
            file -> {
              float[] gain = new float[32];
              gain[1] = Float.NaN;
              return file.tensor("output_norm.weight", TensorType.F32, List.of(32L), gain);
            }),
        broken(
            "tensor 'blk.0.attn_v.weight' is missing; is the file complete?",
            file -> file.withoutTensor("blk.0.attn_v.weight")),
        broken(
            "tensor 'blk.1.attn_norm.weight' is missing; is the file complete?",
            file -> file.key("llama.block_count", 2)),
        broken(
            "tensor 'rope_freqs.weight' has shape [2], expected half the size of a head: [4] (at"
                + " byte ",
            file -> file.vector("rope_freqs.weight", 2)),
        broken(
            "tensor 'rope_freqs.weight' holds the factor -1.0, expected positive ones (at byte ",
            file -> file.tensor("rope_freqs.weight", TensorType.F32, List.of(4L), 1, 1, 1, -1)),
        broken(
            "tokenizer.ggml.tokens has 259 tokens, the model's embedding 258 rows; there must be"
                + " at least 1 and at most that many",
            file -> file.matrix("token_embd.weight", TensorType.F32, 258, 32)),
        broken(
            "tokenizer.ggml.token_type has 2 entries for 259 tokens",
            file -> file.key("tokenizer.ggml.token_type", new int[] {1, 1})),
        broken(
            "tokenizer.ggml.eos_token_id is 259, the vocabulary has 259",
            file -> file.key("tokenizer.ggml.eos_token_id", 259)));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("contradictions")
  void saysWhatIsWrong(String reason, UnaryOperator<LlamaGguf> change) throws IOException {
    Path file = write(change);
    assertThatThrownBy(() -> GgufLoader.load(file, kernels).close())
        .isInstanceOf(ModelFormatException.class)
        .hasMessageStartingWith(file + ": " + reason);
  }

  static Stream<Arguments> strangers() {
    return Stream.of(
        broken(
            "the architecture is 'mamba', supported is 'llama'",
            file -> file.key("general.architecture", "mamba")),
        broken(
            "a mixture of 8 experts; supported are dense Llama models",
            file -> file.key("llama.expert_count", 8)),
        broken(
            "llama.rope.dimension_count is 4 for heads of 8; supported is one size for all",
            file -> file.key("llama.rope.dimension_count", 4)),
        broken(
            "llama.attention.value_length is 16 for heads of 8; supported is one size for all",
            file -> file.key("llama.attention.value_length", 16)),
        broken(
            "llama.rope.scaling.type is 'yarn'; supported are none, linear, llama3 and the tensor"
                + " rope_freqs.weight",
            file -> file.key("llama.rope.scaling.type", "yarn")),
        broken(
            "there is both tensor 'rope_freqs.weight' and llama.rope.scaling.type 'linear';"
                + " supported is one of the two",
            file -> file.vector("rope_freqs.weight", 4).key("llama.rope.scaling.factor", 2f)),
        broken(
            "tensor 'blk.0.attn_q.bias' has no place in a Llama model (llama.block_count is 1);"
                + " supported are dense models without biases",
            file -> file.vector("blk.0.attn_q.bias", 32)),
        broken(
            "tensor 'blk.1.attn_norm.weight' has no place in a Llama model (llama.block_count is"
                + " 1); supported are dense models without biases",
            file -> file.vector("blk.1.attn_norm.weight", 32)),
        broken(
            "tensor 'output.bias' has no place in a Llama model (llama.block_count is 1); supported"
                + " are dense models without biases",
            file -> file.vector("output.bias", 259)));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("strangers")
  void saysWhatIsSupported(String reason, UnaryOperator<LlamaGguf> change) throws IOException {
    Path file = write(change);
    assertThatThrownBy(() -> GgufLoader.load(file, kernels).close())
        .isInstanceOf(UnsupportedModelException.class)
        .hasMessage(file + ": " + reason);
  }

  @Test
  void aTokenizerOfAnotherKindLeavesTheModelUsable() throws IOException {
    Path file =
        write(
            gguf -> gguf.key("tokenizer.ggml.model", "llama").withoutKey("tokenizer.ggml.merges"));
    try (LoadedModel loaded = GgufLoader.load(file, kernels)) {
      assertThatThrownBy(loaded::tokenizer)
          .isInstanceOf(UnsupportedModelException.class)
          .hasMessage(
              file
                  + ": the tokenizer is of kind 'llama'; supported is 'gpt2' (byte-level BPE, as in"
                  + " Llama 3). Token ids still work");
    }
    Path strange = write(gguf -> gguf.key("tokenizer.ggml.pre", "qwen2"));
    try (LoadedModel loaded = GgufLoader.load(strange, kernels)) {
      assertThatThrownBy(loaded::tokenizer)
          .hasMessage(
              strange
                  + ": the pre-tokenizer is 'qwen2'; supported is 'llama-bpe'. Token ids still"
                  + " work");
    }
    Path none =
        write(gguf ->
            gguf.key("tokenizer.ggml.model", "no_vocab").withoutKey("tokenizer.ggml.tokens"));
    try (LoadedModel loaded = GgufLoader.load(none, kernels)) {
      assertThatThrownBy(loaded::tokenizer).hasMessageContaining("of kind 'no_vocab'");
    }
  }

  private Path write(UnaryOperator<LlamaGguf> change) throws IOException {
    return change.apply(new LlamaGguf(LlamaShape.plain(), 1)).writeTo(folder.resolve("model.gguf"));
  }
}
