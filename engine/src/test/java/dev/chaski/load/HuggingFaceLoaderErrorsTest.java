package dev.chaski.load;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.chaski.format.ModelFormatException;
import dev.chaski.format.UnsupportedModelException;
import dev.chaski.load.TinyCheckpoint.Form;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Checkpoints that cannot be used, and the words in which that is said. */
class HuggingFaceLoaderErrorsTest {
  private static final long SEED = 20260403;
  private static final String Q_PROJ = "model.layers.0.self_attn.q_proj.weight";

  @TempDir private Path folder;

  private static TinyCheckpoint tiny() {
    return new TinyCheckpoint(Form.BF16, true, SEED);
  }

  private static TinyCheckpoint fp8() {
    return new TinyCheckpoint(Form.FP8_COLUMN, true, SEED);
  }

  private void assertUnsupported(TinyCheckpoint checkpoint, String... reasons) throws IOException {
    assertRefused(UnsupportedModelException.class, checkpoint, reasons);
  }

  private void assertBroken(TinyCheckpoint checkpoint, String... reasons) throws IOException {
    assertRefused(ModelFormatException.class, checkpoint, reasons);
  }

  private void assertRefused(
      Class<? extends IOException> type, TinyCheckpoint checkpoint, String... reasons)
      throws IOException {
    Path written = checkpoint.writeTo(Files.createTempDirectory(folder, "checkpoint"));
    assertThatThrownBy(() -> HuggingFaceModel.open(written))
        .isInstanceOf(type)
        .hasMessageStartingWith(written.toString())
        .hasMessageContainingAll(reasons);
  }

  @Test
  void otherArchitectures() throws IOException {
    assertUnsupported(
        tiny().config("architectures", List.of("Qwen3ForCausalLM")),
        "'Qwen3ForCausalLM', supported is 'LlamaForCausalLM'");
    assertUnsupported(
        tiny().config("architectures", null).config("model_type", "gemma"),
        "'gemma', supported is 'llama'");
    assertUnsupported(tiny().config("mlp_bias", true), "'mlp_bias' is true", "without biases");
    assertUnsupported(tiny().config("hidden_act", "gelu"), "'gelu'; supported is 'silu'");
    assertUnsupported(
        tiny().config("rope_scaling", Map.of("rope_type", "yarn", "factor", 4)),
        "'yarn'; supported are default, linear and llama3");
  }

  @ParameterizedTest
  @ValueSource(strings = {"bitsandbytes", "awq", "gptq", "mxfp4", "hqq", "quark"})
  void otherQuantisations(String method) throws IOException {
    assertUnsupported(
        tiny().config("quantization_config", Map.of("quant_method", method)),
        "the quantisation method is '" + method + "'",
        "supported are weights in BF16, F16 and F32, and in FP8");
  }

  static Stream<Arguments> otherKinds() {
    return Stream.of(
        Arguments.of(Map.of("load_in_4bit", true), "'not named'"),
        Arguments.of(compressed("int-quantized", Map.of()), "'int-quantized'"),
        Arguments.of(compressed("pack-quantized", Map.of()), "'pack-quantized'"),
        Arguments.of(
            compressed("float-quantized", Map.of("num_bits", 4, "type", "float")),
            "of type 'float' with 4 bits"),
        Arguments.of(
            compressed("float-quantized", Map.of("num_bits", 8)), "of type 'int' with 8 bits"),
        Arguments.of(
            Map.of(
                "quant_method",
                "compressed-tensors",
                "sparsity_config",
                Map.of("format", "sparse-24-bitmask")),
            "sparse matrices"),
        Arguments.of(Map.of("quant_method", "fp8", "fmt", "e5m2"), "FP8 of kind 'e5m2'"));
  }

  private static Map<String, Object> compressed(String format, Map<String, Object> weights) {
    return Map.of(
        "quant_method",
        "compressed-tensors",
        "format",
        format,
        "config_groups",
        Map.of("group_0", weights.isEmpty() ? Map.of() : Map.of("weights", weights)));
  }

  @ParameterizedTest
  @MethodSource
  void otherKinds(Map<String, Object> quantization, String reason) throws IOException {
    assertUnsupported(tiny().config("quantization_config", quantization), reason, "supported are");
  }

  @Test
  void blocksWithoutSize() throws IOException {
    assertBroken(
        tiny()
            .config(
                "quantization_config",
                Map.of("quant_method", "fp8", "weight_block_size", List.of(128, 0))),
        "'quantization_config.weight_block_size' is [128, 0]");
  }

  @Test
  void tensorsWeDoNotExpect() throws IOException {
    assertUnsupported(
        tiny().tensor("model.layers.0.self_attn.q_proj.bias", List.of(1), 1),
        "q_proj.bias' has no place in a Llama model",
        "without biases");
    assertUnsupported(
        tiny().tensor("model.layers.2.mlp.up_proj.weight", List.of(1), 1),
        "('num_hidden_layers' is 2)");
    assertUnsupported(
        tiny().tensor(Q_PROJ, "I8", List.of(64, 48), 64 * 48),
        "is of type I8; supported are F8_E4M3, F16, BF16, F32");
  }

  @Test
  void missingTensors() throws IOException {
    assertBroken(tiny().without(Q_PROJ), "tensor '" + Q_PROJ + "' is missing");
    assertBroken(tiny().config("tie_word_embeddings", false), "'lm_head.weight' is missing");
  }

  @Test
  void shapesAndValues() throws IOException {
    assertBroken(
        tiny().tensor(Q_PROJ, "BF16", List.of(48, 64), 2 * 48 * 64),
        "has shape [48, 64], but the model's numbers make it [64, 48]");
    assertBroken(tiny().tensor("model.norm.weight", List.of(1), 1), "make it [48]");
    float[] norm = new float[TinyCheckpoint.HIDDEN];
    norm[3] = Float.NaN;
    assertBroken(
        tiny().tensor("model.norm.weight", List.of(norm.length), norm), "holds NaN at index 3");
    assertBroken(tiny().tensor("model.norm.weight", "F8_E4M3", List.of(48), 48), "norms are BF16");
  }

  @Test
  void scalesOfFp8() throws IOException {
    assertBroken(
        fp8().without(Q_PROJ + "_scale"),
        "'" + Q_PROJ + "' is FP8 but has no scales",
        "'" + Q_PROJ + "_scale'");
    assertBroken(fp8().tensor(Q_PROJ + "_scale_inv", List.of(1), 1), "is there beside " + Q_PROJ);
    assertBroken(
        fp8().tensor(Q_PROJ + "_scale", List.of(1, 48), new float[48]),
        "has shape [1, 48] for a weight of [64, 48]",
        "[64, 1]",
        "32 x 24 or 128 x 128");
    assertBroken(fp8().tensor(Q_PROJ + "_scale", List.of(1, 1, 1), 1), "has shape [1, 1, 1]");
    assertBroken(fp8().tensor(Q_PROJ + "_scale", List.of(0)), "has shape [0]");
    assertBroken(
        fp8().tensor(Q_PROJ + "_scale", List.of(), Float.POSITIVE_INFINITY), "holds Infinity");
    assertBroken(
        fp8().tensor(Q_PROJ + "_scale", "U8", List.of(), 1), "is of type U8; scales are F32");
    assertBroken(
        tiny().tensor(Q_PROJ + "_scale", List.of(), 1),
        "scales a weight of type BF16; expected F8_E4M3");
  }

  @Test
  void numbersInTheFilesWords() throws IOException {
    assertBroken(tiny().config("hidden_size", "many"), "'hidden_size' is the string 'many'");
    assertBroken(tiny().config("vocab_size", null), "'vocab_size' is missing");
    assertBroken(tiny().config("num_key_value_heads", 3), "num_attention_heads is 4");
    assertBroken(tiny().config("rms_norm_eps", 0), "rms_norm_eps is 0.0");
    assertBroken(
        tiny().config("head_dim", null).config("num_attention_heads", 5),
        "'hidden_size' is 48, not a multiple of 'num_attention_heads' 5");
  }

  @Test
  void tokensBeyondTheVocabulary() throws IOException {
    assertBroken(tiny().config("eos_token_id", List.of(2, 259)), "'eos_token_id' is 259");
    assertBroken(
        tiny().file("generation_config.json", Map.of("eos_token_id", -1)),
        "generation_config.json: 'eos_token_id' is -1");
    assertBroken(
        tiny().file("tokenizer_config.json", Map.of("bos_token", "<s>")),
        "'bos_token' is '<s>', which is not in the vocabulary");
    assertBroken(tiny().config("vocab_size", 258), "259 tokens", "258 rows");
  }

  @Test
  void samplingOutOfRange() throws IOException {
    assertBroken(
        tiny().file("generation_config.json", Map.of("top_p", 1.5)), "top_p", "1.5", "0.0 to 1.0");
    assertBroken(
        tiny().file("generation_config.json", "{\"temperature\": NaN}"), "'temperature' is 'NaN'");
  }

  @Test
  void filesThatAreNotThere() throws IOException {
    assertBroken(tiny().file("tokenizer.json", null), "tokenizer.json: the file is missing");
    assertThatThrownBy(() -> HuggingFaceModel.open(folder.resolve("nowhere")))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("nowhere");
  }

  @Test
  void filesThatAreSomethingElse() throws IOException {
    assertBroken(
        tiny().file("tokenizer_config.json", "[]"), "holds a list; expected a JSON object");
    assertBroken(tiny().file("generation_config.json", "{} {}"), "not well-formed JSON");
    assertBroken(tiny().file("generation_config.json", "{\"top_k\":1,\"top_k\":2}"), "Duplicate");
    assertBroken(tiny().file("generation_config.json", "[".repeat(2000)), "nesting depth");
    assertBroken(
        tiny().file("tokenizer_config.json", Map.of("chat_template", List.of(Map.of("name", "a")))),
        "'chat_template.template' is missing");
  }
}
