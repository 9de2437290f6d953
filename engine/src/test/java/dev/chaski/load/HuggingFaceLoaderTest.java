package dev.chaski.load;

import static org.assertj.core.api.Assertions.assertThat;

import dev.chaski.kernels.Kernels;
import dev.chaski.kernels.KernelsChoice;
import dev.chaski.kernels.KernelsOptions;
import dev.chaski.kernels.TensorType;
import dev.chaski.load.TinyCheckpoint.Form;
import dev.chaski.model.RopeScaling;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a checkpoint may say, and what becomes of it. */
class HuggingFaceLoaderTest {
  private static final long SEED = 20260402;

  @TempDir private Path folder;

  private static TinyCheckpoint tiny() {
    return new TinyCheckpoint(Form.BF16, true, SEED);
  }

  private interface Check {
    void on(LoadedModel model) throws IOException;
  }

  private void load(TinyCheckpoint checkpoint, Check check) throws IOException {
    load(checkpoint.writeTo(Files.createTempDirectory(folder, "checkpoint")), check);
  }

  private static void load(Path path, Check check) throws IOException {
    try (Kernels kernels = KernelsChoice.named("scalar").provider().create(new KernelsOptions(1));
        LoadedModel model = ModelLoader.load(path, kernels)) {
      check.on(model);
    }
  }

  /** The logits of a checkpoint, to see that something made no difference. */
  private float[] logits(TinyCheckpoint checkpoint) throws IOException {
    List<float[]> logits = new ArrayList<>();
    load(checkpoint, model -> logits.add(ForwardPass.lastLogits(model.model(), 5, 250, 17)));
    return logits.getFirst();
  }

  @Test
  void folderOrFileOrShard() throws IOException {
    Path checkpoint = tiny().writeTo(folder.resolve("tiny-1B"));
    for (Path path : List.of(checkpoint, checkpoint.resolve("model.safetensors"))) {
      load(
          path,
          model -> {
            assertThat(model.info().name()).contains("tiny-1B");
            assertThat(model.info().format()).isEqualTo("safetensors");
            assertThat(model.info().files())
                .containsExactly(checkpoint.resolve("model.safetensors"));
            assertThat(model.info().types()).containsOnlyKeys(TensorType.F32, TensorType.BF16);
            assertThat(model.hasTokenizer()).isTrue();
          });
    }
  }

  @Test
  void nameInADownloadCache() throws IOException {
    Path snapshot = folder.resolve("models--owner--Tiny-1B/snapshots/0123456789abcdef");
    load(tiny().writeTo(snapshot), model -> assertThat(model.info().name()).contains("Tiny-1B"));
  }

  @Test
  void numbersOfTheModel() throws IOException {
    load(
        tiny(),
        model -> {
          assertThat(model.model().config().headDim()).isEqualTo(TinyCheckpoint.HEAD_DIM);
          assertThat(model.model().config().contextLength()).isEqualTo(64);
          assertThat(model.model().config().ropeTheta()).isEqualTo(500);
          assertThat(model.model().config().ropeScaling()).isEqualTo(new RopeScaling.None());
          assertThat(model.model().weights().isTied()).isTrue();
        });
  }

  @Test
  void scalingOfPositions() throws IOException {
    load(
        tiny().config("rope_scaling", Map.of("type", "linear", "factor", 4)),
        model ->
            assertThat(model.model().config().ropeScaling()).isEqualTo(new RopeScaling.Linear(4)));
    Map<String, Object> llama3 =
        Map.of(
            "rope_type",
            "llama3",
            "rope_theta",
            1234.0,
            "factor",
            32,
            "low_freq_factor",
            1.0,
            "high_freq_factor",
            4.0,
            "original_max_position_embeddings",
            8192);
    load(
        tiny().config("rope_scaling", llama3),
        model -> {
          assertThat(model.model().config().ropeScaling())
              .isEqualTo(new RopeScaling.Llama3(32, 1, 4, 8192));
          assertThat(model.model().config().ropeTheta()).isEqualTo(500);
        });
    load( // as version 5 of transformers writes it
        tiny().config("rope_parameters", llama3).config("rope_theta", null),
        model -> {
          assertThat(model.model().config().ropeScaling())
              .isEqualTo(new RopeScaling.Llama3(32, 1, 4, 8192));
          assertThat(model.model().config().ropeTheta()).isEqualTo(1234);
        });
  }

  @Test
  void whatIsLeftOutHasTheValueOfTransformers() throws IOException {
    load(
        new TinyCheckpoint(Form.F32, false, SEED)
            .config("architectures", null)
            .config("tie_word_embeddings", null)
            .config("rope_theta", null),
        model -> {
          assertThat(model.model().config().ropeTheta()).isEqualTo(10_000);
          assertThat(model.model().weights().isTied()).isFalse();
        });
  }

  @Test
  void copyOfATiedOutputIsNotUsed() throws IOException {
    TinyCheckpoint copied =
        tiny()
            .tensor(
                "lm_head.weight",
                "I8",
                List.of(TinyVocabulary.SIZE, TinyCheckpoint.HIDDEN),
                TinyVocabulary.SIZE * TinyCheckpoint.HIDDEN);
    load(copied, model -> assertThat(model.model().weights().isTied()).isTrue());
  }

  @Test
  void scalesThatWeDoNotNeedMakeNoDifference() throws IOException {
    float[] expected = logits(new TinyCheckpoint(Form.FP8_SCALAR, true, SEED));
    TinyCheckpoint more = new TinyCheckpoint(Form.FP8_SCALAR, true, SEED);
    String attention = "model.layers.0.self_attn.";
    for (String name :
        List.of(
            "q_proj.input_scale",
            "k_proj.output_scale",
            "v_proj.act_scale",
            "kv_scale",
            "k_scale",
            "attn.v_scale",
            "rotary_emb.inv_freq")) {
      more.tensor(attention + name, List.of(1), 3);
    }
    assertThat(logits(more)).isEqualTo(expected);
  }

  @Test
  void configOfTheQuantisationMakesNoDifference() throws IOException {
    float[] expected = logits(new TinyCheckpoint(Form.FP8_COLUMN, false, SEED));
    Map<String, Object> compressed =
        Map.of(
            "quant_method", "compressed-tensors",
            "format", "naive-quantized",
            "quantization_status", "compressed",
            "ignore", List.of("lm_head", "re:(a+)+$", "re:["),
            "config_groups",
                Map.of(
                    "group_0",
                    Map.of(
                        "targets", List.of("Linear"),
                        "weights", Map.of("num_bits", 8, "type", "float", "strategy", "channel"))));
    for (String key : List.of("quantization_config", "compression_config")) {
      TinyCheckpoint checkpoint =
          new TinyCheckpoint(Form.FP8_COLUMN, false, SEED)
              .config("quantization_config", null)
              .config(key, compressed);
      assertThat(logits(checkpoint)).as(key).isEqualTo(expected);
    }
    TinyCheckpoint fbgemm =
        new TinyCheckpoint(Form.FP8_COLUMN, false, SEED)
            .config(
                "quantization_config",
                Map.of(
                    "quant_method",
                    "fbgemm_fp8",
                    "activation_scale_ub",
                    1200.0,
                    "modules_to_not_convert",
                    List.of("lm_head")));
    assertThat(logits(fbgemm)).isEqualTo(expected);
    TinyCheckpoint silent =
        new TinyCheckpoint(Form.FP8_COLUMN, false, SEED).config("quantization_config", null);
    assertThat(logits(silent)).isEqualTo(expected);
  }

  @ParameterizedTest
  @EnumSource
  void sizesOfBlocks(BlockConfig blocks) throws IOException {
    float[] expected = logits(new TinyCheckpoint(Form.FP8_BLOCKS, true, SEED));
    Map<String, Object> weights =
        Map.of("num_bits", 8, "type", "float", "block_structure", blocks.value);
    TinyCheckpoint checkpoint =
        new TinyCheckpoint(Form.FP8_BLOCKS, true, SEED)
            .config(
                "quantization_config",
                Map.of(
                    "quant_method", "compressed-tensors",
                    "format", "float-quantized",
                    "config_groups", Map.of("group_0", Map.of("weights", weights))));
    assertThat(logits(checkpoint)).isEqualTo(expected);
  }

  enum BlockConfig {
    LIST(List.of(32, 24)),
    TEXT("32x24");

    private final Object value;

    BlockConfig(Object value) {
      this.value = value;
    }
  }

  @Test
  void firstAndLastTokens() throws IOException {
    load(
        tiny()
            .config("eos_token_id", List.of(3, 4))
            .file("generation_config.json", Map.of("eos_token_id", List.of(4, 5))),
        model -> {
          assertThat(model.tokenizer().bos()).hasValue(TinyVocabulary.BOS);
          assertThat(model.tokenizer().stops())
              .containsExactlyInAnyOrder(3, 4, 5, TinyVocabulary.EOT);
        });
  }

  @Test
  void beginningOfATextCanBeLeftOut() throws IOException {
    for (String json :
        List.of(
            "{\"bos_token\":null}",
            "{\"bos_token\":\"<|begin_of_text|>\",\"add_bos_token\":false}")) {
      load(
          tiny().file("tokenizer_config.json", json),
          model -> assertThat(model.tokenizer().bos()).isEmpty());
    }
    for (String json :
        List.of(
            "{}", // then config.json says it
            "{\"bos_token\":{\"content\":\"<|begin_of_text|>\"},\"add_bos_token\":true}")) {
      load(
          tiny().file("tokenizer_config.json", json),
          model ->
              assertThat(model.tokenizer().bos()).isEqualTo(OptionalInt.of(TinyVocabulary.BOS)));
    }
    load(
        tiny().file("tokenizer_config.json", null).config("bos_token_id", null),
        model -> assertThat(model.tokenizer().bos()).isEmpty());
  }

  @Test
  void chatTemplates() throws IOException {
    load(
        tiny(),
        model -> {
          assertThat(model.chatTemplate()).isEmpty();
          assertThat(model.chatTemplates()).isEmpty();
        });
    load(
        tiny().file("tokenizer_config.json", Map.of("chat_template", "{{ one }}")),
        model -> assertThat(model.chatTemplate()).contains("{{ one }}"));
    List<Map<String, String>> named =
        List.of(
            Map.of("name", "default", "template", "{{ one }}"),
            Map.of("name", "tool_use", "template", "{{ tools }}"));
    TinyCheckpoint checkpoint =
        tiny().file("tokenizer_config.json", Map.of("chat_template", named));
    load(
        checkpoint,
        model -> {
          assertThat(model.chatTemplate()).contains("{{ one }}");
          assertThat(model.chatTemplates())
              .isEqualTo(Map.of("default", "{{ one }}", "tool_use", "{{ tools }}"));
        });
    load( // files win
        checkpoint
            .file("chat_template.jinja", "{{ two }} ü")
            .file("additional_chat_templates/rag.jinja", "{{ documents }}"),
        model ->
            assertThat(model.chatTemplates())
                .isEqualTo(
                    Map.of(
                        "default", "{{ two }} ü",
                        "tool_use", "{{ tools }}",
                        "rag", "{{ documents }}")));
  }

  @Test
  void samplingOfTheAuthor() throws IOException {
    load(tiny(), model -> assertThat(model.defaultSampling()).isEqualTo(DefaultSampling.none()));
    load(
        tiny()
            .file(
                "generation_config.json",
                Map.of("do_sample", true, "temperature", 0.6, "top_p", 0.9, "top_k", -1)),
        model ->
            assertThat(model.defaultSampling())
                .isEqualTo(
                    new DefaultSampling(
                        Optional.of(0.6f),
                        Optional.of(0),
                        Optional.of(0.9f),
                        Optional.empty(),
                        Optional.empty())));
    load(
        tiny().file("generation_config.json", Map.of("do_sample", false, "temperature", 0.6)),
        model -> assertThat(model.defaultSampling().temperature()).contains(0f));
  }

  @Test
  void closedModelLetsGoOfTheFile() throws IOException {
    Path checkpoint = tiny().writeTo(folder);
    load(checkpoint, model -> assertThat(model.model()).isNotNull());
    Files.delete(checkpoint.resolve("model.safetensors"));
    assertThat(checkpoint.resolve("model.safetensors")).doesNotExist();
  }
}
