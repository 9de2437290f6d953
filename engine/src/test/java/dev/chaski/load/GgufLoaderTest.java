package dev.chaski.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.chaski.kernels.Kernels;
import dev.chaski.kernels.KernelsChoice;
import dev.chaski.kernels.KernelsOptions;
import dev.chaski.kernels.RopePairing;
import dev.chaski.kernels.TensorType;
import dev.chaski.load.LlamaShape.Rope;
import dev.chaski.model.LlamaConfig;
import dev.chaski.model.RopeScaling;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GgufLoaderTest {
  private static final LlamaShape SHAPE =
      new LlamaShape("shape", 32, 48, 2, 4, 2, 12, 300, false, Rope.LLAMA3, TensorType.F16);

  @TempDir Path folder;

  private final Kernels kernels =
      KernelsChoice.named("scalar").provider().create(new KernelsOptions(1));

  @AfterEach
  void close() {
    kernels.close();
  }

  private LoadedModel load(LlamaGguf file) throws IOException {
    return GgufLoader.load(file.writeTo(folder.resolve("model.gguf")), kernels);
  }

  @Test
  void numbersComeFromKeysAndTensors() throws IOException {
    try (LoadedModel loaded = load(new LlamaGguf(SHAPE, 1))) {
      assertThat(loaded.model().config())
          .isEqualTo(
              new LlamaConfig(
                  32,
                  48,
                  2,
                  4,
                  2,
                  12,
                  300,
                  64,
                  1e-5f,
                  500,
                  new RopeScaling.Llama3(8, 1, 4, 16),
                  RopePairing.INTERLEAVED));
      assertThat(loaded.model().weights().output())
          .isNotSameAs(loaded.model().weights().tokenEmbedding());
    }
  }

  @Test
  void whatMayBeLeftOutHasTheUsualValue() throws IOException {
    LlamaGguf file =
        new LlamaGguf(LlamaShape.plain(), 1)
            .withoutKey("llama.attention.key_length")
            .withoutKey("llama.attention.value_length")
            .withoutKey("llama.rope.freq_base")
            .key("llama.attention.head_count_kv", 4)
            .withoutKey("llama.attention.head_count_kv")
            .matrix("blk.0.attn_k.weight", TensorType.F32, 32, 32)
            .matrix("blk.0.attn_v.weight", TensorType.F32, 32, 32);
    try (LoadedModel loaded = load(file)) {
      LlamaConfig config = loaded.model().config();
      assertThat(config.headDim()).isEqualTo(8);
      assertThat(config.numKvHeads()).isEqualTo(4);
      assertThat(config.ropeTheta()).isEqualTo(10_000);
      assertThat(config.ropeScaling()).isEqualTo(new RopeScaling.None());
      assertThat(loaded.model().weights().output())
          .as("tied to the embedding")
          .isSameAs(loaded.model().weights().tokenEmbedding());
    }
  }

  @Test
  void ropeScalingIsWhatTheFileSays() throws IOException {
    assertThat(scaling(plain().key("llama.rope.scaling.type", "none")))
        .isEqualTo(new RopeScaling.None());
    RopeScaling linear = new RopeScaling.Linear(2.5);
    assertThat(
            scaling(
                plain()
                    .key("llama.rope.scaling.type", "linear")
                    .key("llama.rope.scaling.factor", 2.5f)))
        .isEqualTo(linear);
    assertThat(scaling(plain().key("llama.rope.scaling.factor", 2.5f))).isEqualTo(linear);
    assertThat(scaling(plain().key("llama.rope.scale_linear", 2.5f))).isEqualTo(linear);
    assertThat(
            scaling(
                plain()
                    .key("llama.rope.scaling.factor", 32f)
                    .key("llama.rope.scaling.low_freq_factor", 1f)
                    .key("llama.rope.scaling.high_freq_factor", 4f)
                    .key("llama.rope.scaling.original_context_length", 8192)))
        .isEqualTo(new RopeScaling.Llama3(32, 1, 4, 8192));
    RopeScaling factors = new RopeScaling.Factors(List.of(1f, 2f, 3f, 4f));
    assertThat(scaling(factors())).isEqualTo(factors);
    assertThat(scaling(factors().key("llama.rope.scaling.type", "llama3"))).isEqualTo(factors);
    assertThat(scaling(factors().key("llama.rope.scaling.factor", 1f))).isEqualTo(factors);
  }

  private static LlamaGguf plain() {
    return new LlamaGguf(LlamaShape.plain(), 1);
  }

  private static LlamaGguf factors() {
    return plain().tensor("rope_freqs.weight", TensorType.F32, List.of(4L), 1, 2, 3, 4);
  }

  private RopeScaling scaling(LlamaGguf file) throws IOException {
    try (LoadedModel loaded = load(file)) {
      return loaded.model().config().ropeScaling();
    }
  }

  @Test
  void aSplitModelIsTheSameModel() throws IOException {
    float[] whole;
    try (LoadedModel loaded = load(new LlamaGguf(SHAPE, 7))) {
      whole = ForwardPass.lastLogits(loaded.model(), 1, 2, 3);
    }
    List<Path> parts = new LlamaGguf(SHAPE, 7).writeParts(folder, 3);
    for (Path part : parts) {
      try (LoadedModel loaded = GgufLoader.load(part, kernels)) {
        assertThat(ForwardPass.lastLogits(loaded.model(), 1, 2, 3)).isEqualTo(whole);
        assertThat(loaded.info().files()).isEqualTo(parts);
        assertThat(loaded.tokenizer().tokenizer().vocabSize()).isEqualTo(TinyVocabulary.SIZE);
      }
    }
  }

  @Test
  void infoCountsWhatIsThere() throws IOException {
    try (LoadedModel loaded =
        load(new LlamaGguf(SHAPE, 1).key("tokenizer.chat_template", "{{ x }}"))) {
      Path file = folder.resolve("model.gguf");
      ModelInfo info = loaded.info();
      assertThat(info.format()).isEqualTo("GGUF v3");
      assertThat(info.name()).contains("random");
      assertThat(info.files()).containsExactly(file);
      assertThat(info.byteSize()).isEqualTo(Files.size(file));
      // Per block: q, k, v, o, gate, up, down.
      long block = 32 * 48 + 2 * 32 * 24 + 48 * 32 + 3 * 32 * 48;
      long halves = 2 * block + 2 * 300 * 32;
      assertThat(info.types())
          .isEqualTo(
              Map.of(
                  TensorType.F16, new TypeCount(16, halves, 2 * halves),
                  TensorType.F32, new TypeCount(5, 5 * 32, 4 * 5 * 32)));
      assertThat(info.total()).isEqualTo(new TypeCount(21, halves + 160, 2 * halves + 640));
      assertThat(loaded.chatTemplate()).contains("{{ x }}");
    }
  }

  @Test
  void rolesOfTokens() throws IOException {
    try (LoadedModel loaded = load(plain())) {
      LoadedTokenizer tokenizer = loaded.tokenizer();
      assertThat(tokenizer.bos()).isEqualTo(OptionalInt.of(TinyVocabulary.BOS));
      assertThat(tokenizer.stops()).containsExactly(TinyVocabulary.EOT);
      assertThat(tokenizer.namedTokens())
          .isEqualTo(Map.of("bos_token", "<|begin_of_text|>", "eos_token", "<|eot_id|>"));
    }
    LlamaGguf other =
        plain()
            .key("tokenizer.ggml.add_bos_token", false)
            .key("tokenizer.ggml.eos_token_id", 258)
            .key("tokenizer.ggml.eom_token_id", 65);
    try (LoadedModel loaded = load(other)) {
      assertThat(loaded.tokenizer().bos()).isEmpty();
      // <|eot_id|> by its spelling.
      assertThat(loaded.tokenizer().sortedStops()).containsExactly(65, TinyVocabulary.EOT, 258);
    }
  }

  @Test
  void aNormMayBeOfAnyType() throws IOException {
    float[] gain = new float[32];
    Arrays.fill(gain, 2);
    LlamaGguf half = plain().tensor("blk.0.attn_norm.weight", TensorType.F16, List.of(32L), gain);
    float[] expected;
    try (LoadedModel loaded = load(half)) {
      expected = ForwardPass.lastLogits(loaded.model(), 5);
    }
    LlamaGguf single = plain().tensor("blk.0.attn_norm.weight", TensorType.F32, List.of(32L), gain);
    try (LoadedModel loaded = load(single)) {
      assertThat(ForwardPass.lastLogits(loaded.model(), 5)).isEqualTo(expected);
    }
  }

  @Test
  void aClosedModelIsNotRead() throws IOException {
    LoadedModel loaded = load(plain());
    loaded.close();
    loaded.close();
    assertThatIllegalStateException().isThrownBy(() -> ForwardPass.lastLogits(loaded.model(), 1));
  }
}
