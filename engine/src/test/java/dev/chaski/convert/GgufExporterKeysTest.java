package dev.chaski.convert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.chaski.format.ModelFormatException;
import dev.chaski.format.UnsupportedModelException;
import dev.chaski.gguf.GgufFile;
import dev.chaski.gguf.GgufMetadata;
import dev.chaski.gguf.GgufTensor;
import dev.chaski.kernels.TensorType;
import dev.chaski.kernels.parallel.WorkerPool;
import dev.chaski.load.HuggingFaceModel;
import dev.chaski.load.TinyCheckpoint;
import dev.chaski.load.TinyCheckpoint.Form;
import dev.chaski.load.TinyVocabulary;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an exported file says, and what becomes of an export that fails. */
class GgufExporterKeysTest {
  private static final long SEED = 20260404;

  @TempDir private Path temporary;

  private Path target() {
    return temporary.resolve("out.gguf");
  }

  private void export(TinyCheckpoint checkpoint, Optional<FileType> type) throws IOException {
    export(checkpoint, type, target(), (_, _, _) -> {});
  }

  private void export(
      TinyCheckpoint checkpoint,
      Optional<FileType> type,
      Path target,
      QuantizationListener listener)
      throws IOException {
    try (HuggingFaceModel source =
            HuggingFaceModel.open(checkpoint.writeTo(temporary.resolve("Tiny")));
        WorkerPool pool = new WorkerPool(2)) {
      new GgufExporter(pool).write(source, type, target, listener);
    }
  }

  private static TinyCheckpoint tiny() {
    return new TinyCheckpoint(Form.BF16, false, SEED);
  }

  @Test
  void keysAreThoseOfTheConverter() throws IOException {
    export(
        tiny()
            .file(
                "generation_config.json",
                Map.of("temperature", 0.5, "top_k", 7, "eos_token_id", List.of(257, 9, 258))),
        Optional.empty());
    try (GgufFile file = GgufFile.open(target())) {
      GgufMetadata metadata = file.metadata();
      assertThat(metadata.getString("general.architecture")).isEqualTo("llama");
      assertThat(metadata.getString("general.name")).isEqualTo("Tiny");
      assertThat(metadata.getInt("general.file_type")).isEqualTo(FileType.BF16.id());
      assertThat(metadata.contains("general.quantization_version")).isFalse();
      assertThat(metadata.getFloat("general.sampling.temp")).isEqualTo(0.5f);
      assertThat(metadata.getInt("general.sampling.top_k")).isEqualTo(7);
      assertThat(metadata.contains("general.sampling.top_p")).isFalse();
      assertThat(metadata.getInt("llama.vocab_size")).isEqualTo(TinyVocabulary.SIZE);
      assertThat(metadata.getInt("llama.context_length")).isEqualTo(64);
      assertThat(metadata.getInt("llama.embedding_length")).isEqualTo(TinyCheckpoint.HIDDEN);
      assertThat(metadata.getInt("llama.feed_forward_length"))
          .isEqualTo(TinyCheckpoint.INTERMEDIATE);
      assertThat(metadata.getInt("llama.block_count")).isEqualTo(TinyCheckpoint.LAYERS);
      assertThat(metadata.getInt("llama.attention.head_count")).isEqualTo(TinyCheckpoint.HEADS);
      assertThat(metadata.getInt("llama.attention.head_count_kv"))
          .isEqualTo(TinyCheckpoint.KV_HEADS);
      assertThat(metadata.getInt("llama.attention.key_length")).isEqualTo(TinyCheckpoint.HEAD_DIM);
      assertThat(metadata.getInt("llama.rope.dimension_count")).isEqualTo(TinyCheckpoint.HEAD_DIM);
      assertThat(metadata.getFloat("llama.rope.freq_base")).isEqualTo(500);
      assertThat(metadata.getFloat("llama.attention.layer_norm_rms_epsilon")).isEqualTo(1e-5f);
      assertThat(metadata.getString("tokenizer.ggml.model")).isEqualTo("gpt2");
      assertThat(metadata.getString("tokenizer.ggml.pre")).isEqualTo("llama-bpe");
      assertThat(metadata.getStrings("tokenizer.ggml.tokens")).isEqualTo(TinyVocabulary.tokens());
      assertThat(metadata.getInts("tokenizer.ggml.token_type")).isEqualTo(TinyVocabulary.types());
      assertThat(metadata.getStrings("tokenizer.ggml.merges")).isEmpty();
      assertThat(metadata.getInt("tokenizer.ggml.bos_token_id")).isEqualTo(TinyVocabulary.BOS);
      assertThat(metadata.getBoolean("tokenizer.ggml.add_bos_token")).isTrue();
      assertThat(metadata.getInt("tokenizer.ggml.eos_token_id")).isEqualTo(TinyVocabulary.EOT);
      assertThat(metadata.getInt("tokenizer.ggml.eot_token_id")).isEqualTo(9);
      assertThat(metadata.getInt("tokenizer.ggml.eom_token_id")).isEqualTo(258);
    }
  }

  @Test
  void templatesKeepTheirNames() throws IOException {
    List<Map<String, String>> templates =
        List.of(
            Map.of("name", "default", "template", "{{ one }}"),
            Map.of("name", "tool use!", "template", "{{ two }}"));
    export(
        tiny().file("tokenizer_config.json", Map.of("chat_template", templates)), Optional.empty());
    try (GgufFile file = GgufFile.open(target())) {
      GgufMetadata metadata = file.metadata();
      assertThat(metadata.getString("tokenizer.chat_template")).isEqualTo("{{ one }}");
      assertThat(metadata.getStrings("tokenizer.chat_templates")).containsExactly("tool_use_");
      assertThat(metadata.getString("tokenizer.chat_template.tool_use_")).isEqualTo("{{ two }}");
    }
  }

  @Test
  void vocabularyIsAsLongAsTheEmbedding() throws IOException {
    int rows = TinyVocabulary.SIZE + 2;
    export(
        new TinyCheckpoint(Form.F32, true, SEED)
            .config("vocab_size", rows)
            .tensor(
                "model.embed_tokens.weight",
                "BF16",
                List.of(rows, TinyCheckpoint.HIDDEN),
                2 * rows * TinyCheckpoint.HIDDEN),
        Optional.empty());
    try (GgufFile file = GgufFile.open(target())) {
      List<String> tokens = file.metadata().getStrings("tokenizer.ggml.tokens");
      assertThat(tokens).hasSize(rows).endsWith("[PAD259]", "[PAD260]");
      int[] types = file.metadata().getInts("tokenizer.ggml.token_type");
      assertThat(Arrays.copyOfRange(types, 258, rows)).containsExactly(3, 5, 5);
      assertThat(file.tensor("output.weight")).isEmpty();
    }
  }

  @Test
  void scalingOfPositions() throws IOException {
    export(
        tiny().config("rope_scaling", Map.of("type", "linear", "factor", 2.5)), Optional.empty());
    try (GgufFile file = GgufFile.open(target())) {
      assertThat(file.metadata().getString("llama.rope.scaling.type")).isEqualTo("linear");
      assertThat(file.metadata().getFloat("llama.rope.scaling.factor")).isEqualTo(2.5f);
      assertThat(file.tensor("rope_freqs.weight")).isEmpty();
    }
    export(
        tiny()
            .config(
                "rope_scaling",
                Map.of(
                    "rope_type", "llama3",
                    "factor", 8,
                    "low_freq_factor", 1,
                    "high_freq_factor", 4,
                    "original_max_position_embeddings", 64)),
        Optional.empty());
    try (GgufFile file = GgufFile.open(target())) {
      assertThat(file.metadata().contains("llama.rope.scaling.type")).isFalse();
      float[] factors = values(file.tensor("rope_freqs.weight").orElseThrow());
      assertThat(factors).hasSize(8);
      assertThat(factors[0]).isEqualTo(1); // a turn every 6.3 positions, of 64
      // 500^(-1/8) radians a position: 4.68 turns in 64 positions, which is more than 4.
      assertThat(factors[1]).isEqualTo(1);
      // 500^(-2/8): 2.154 turns, 38 % of the way from 1 to 4.
      assertThat(factors[2]).isCloseTo(1 / ((1 - 0.3847f) / 8 + 0.3847f), within(1e-3f));
      // 500^(-3/8): 0.99 turns, less than 1.
      assertThat(factors[3]).isEqualTo(8);
      assertThat(factors[7]).isEqualTo(8);
    }
  }

  @Test
  void rowsOfQueriesAndKeysAreInterleaved() throws IOException {
    TinyCheckpoint checkpoint = tiny();
    export(checkpoint, Optional.empty());
    try (GgufFile file = GgufFile.open(target())) {
      for (String[] names : new String[][] {{"q_proj", "attn_q"}, {"k_proj", "attn_k"}}) {
        float[] from = checkpoint.values().get("model.layers.1.self_attn." + names[0] + ".weight");
        float[] to = values(file.tensor("blk.1." + names[1] + ".weight").orElseThrow());
        // Row 16 + 5 of the file, in the second head, is the second value of pair 2.
        assertThat(row(to, 21)).isEqualTo(row(from, 16 + 8 + 2));
        assertThat(row(to, 20)).isEqualTo(row(from, 16 + 2));
      }
      float[] v = checkpoint.values().get("model.layers.1.self_attn.v_proj.weight");
      assertThat(values(file.tensor("blk.1.attn_v.weight").orElseThrow())).isEqualTo(v);
    }
  }

  private static float[] row(float[] values, int row) {
    return Arrays.copyOfRange(
        values, row * TinyCheckpoint.HIDDEN, (row + 1) * TinyCheckpoint.HIDDEN);
  }

  private static float[] values(GgufTensor tensor) {
    float[] values = new float[(int) tensor.size()];
    tensor.type().decoder().decode(tensor.data(), 0, values, 0, values.length);
    return values;
  }

  @Test
  void fp8BecomesExactFloats() throws IOException {
    for (Form form : List.of(Form.FP8_SCALAR, Form.FP8_COLUMN, Form.FP8_BLOCKS)) {
      TinyCheckpoint checkpoint = new TinyCheckpoint(form, false, SEED);
      export(checkpoint, Optional.of(FileType.F32));
      try (GgufFile file = GgufFile.open(target())) {
        assertThat(file.tensors()).allMatch(tensor -> tensor.type() == TensorType.F32);
        assertThat(values(file.tensor("blk.0.ffn_down.weight").orElseThrow()))
            .as(form.name())
            .isEqualTo(checkpoint.values().get("model.layers.0.mlp.down_proj.weight"));
      }
    }
  }

  @Test
  void typesFollowTheQuantizersRules() throws IOException {
    export(new TinyCheckpoint(Form.FP8_ONE, false, SEED), Optional.of(FileType.Q8_0));
    try (GgufFile file = GgufFile.open(target())) {
      assertThat(file.metadata().getInt("general.file_type")).isEqualTo(FileType.Q8_0.id());
      assertThat(file.metadata().getInt("general.quantization_version")).isEqualTo(2);
      // Rows of 64 are whole blocks, rows of 48 and 80 are not.
      assertThat(type(file, "blk.0.attn_output.weight")).isEqualTo(TensorType.Q8_0);
      assertThat(type(file, "blk.0.attn_q.weight")).isEqualTo(TensorType.F16);
      assertThat(type(file, "blk.0.ffn_down.weight")).isEqualTo(TensorType.F16);
      assertThat(type(file, "blk.0.ffn_norm.weight")).isEqualTo(TensorType.F32);
    }
    export(new TinyCheckpoint(Form.FP8_ONE, false, SEED), Optional.empty());
    try (GgufFile file = GgufFile.open(target())) {
      assertThat(type(file, "blk.0.attn_q.weight")).isEqualTo(TensorType.BF16);
    }
  }

  private static TensorType type(GgufFile file, String name) {
    return file.tensor(name).orElseThrow().type();
  }

  @Test
  void progressEndsWithEverything() throws IOException {
    List<Long> progress = new ArrayList<>();
    List<Long> totals = new ArrayList<>();
    export(
        tiny(),
        Optional.empty(),
        target(),
        (_, done, total) -> {
          progress.add(done);
          totals.add(total);
        });
    assertThat(progress).isSorted().isNotEmpty();
    assertThat(totals).containsOnly(progress.getLast());
  }

  @Test
  void failureLeavesWhatWasThere() throws IOException {
    Files.writeString(target(), "before");
    TinyCheckpoint large =
        tiny().tensor("model.layers.1.mlp.up_proj.weight", List.of(80, 48), filled(80 * 48, 7e4f));
    assertThatThrownBy(() -> export(large, Optional.of(FileType.F16)))
        .isInstanceOf(UnsupportedModelException.class)
        .hasMessageContaining("up_proj.weight' holds 70000.0")
        .hasMessageContaining("too large for F16");
    TinyCheckpoint broken =
        tiny()
            .tensor(
                "model.layers.1.mlp.up_proj.weight", List.of(80, 48), filled(80 * 48, Float.NaN));
    assertThatThrownBy(() -> export(broken, Optional.of(FileType.Q8_0)))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageContaining("holds NaN");
    assertThatThrownBy(() ->
            export(
                tiny(),
                Optional.empty(),
                target(),
                (_, _, _) -> {
                  throw new IllegalStateException("enough");
                }))
        .hasMessage("enough");
    assertThat(target()).hasContent("before");
    try (Stream<Path> files = Files.list(temporary)) {
      assertThat(files).containsExactlyInAnyOrder(target(), temporary.resolve("Tiny"));
    }
  }

  private static float[] filled(int size, float value) {
    float[] values = new float[size];
    Arrays.fill(values, value);
    return values;
  }

  @Test
  void targetsThatCannotBe() {
    Path weights = temporary.resolve("Tiny/model.safetensors");
    assertThatThrownBy(() -> export(tiny(), Optional.empty(), weights, (_, _, _) -> {}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(weights.toString());
    assertThatThrownBy(() ->
            export(tiny(), Optional.empty(), temporary.resolve("no/out.gguf"), (_, _, _) -> {}))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("there is no folder");
  }
}
