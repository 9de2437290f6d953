package dev.chaski.convert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.chaski.kernels.TensorType;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;
import org.junit.jupiter.params.provider.FieldSource;

class TensorTypeRulesTest {
  /** A published file, and the number of its tensors by type as llama.cpp's loader prints it. */
  record Published(
      String name, LlamaTensors model, FileType fileType, Map<TensorType, Integer> counts) {
    @Override
    public String toString() {
      return name + " " + fileType;
    }
  }

  static final List<Published> PUBLISHED =
      List.of(
          new Published(
              "Llama 2 7B",
              LlamaTensors.LLAMA_2_7B,
              FileType.Q4_K_M,
              Map.of(TensorType.F32, 65, TensorType.Q4_K, 193, TensorType.Q6_K, 33)),
          new Published(
              "Llama 3.1 8B",
              LlamaTensors.LLAMA_3_1_8B,
              FileType.Q4_K_M,
              Map.of(TensorType.F32, 66, TensorType.Q4_K, 193, TensorType.Q6_K, 33)),
          new Published(
              "Llama 3.1 8B",
              LlamaTensors.LLAMA_3_1_8B,
              FileType.Q4_K_S,
              Map.of(
                  TensorType.F32,
                  66,
                  TensorType.Q4_K,
                  217,
                  TensorType.Q5_K,
                  8,
                  TensorType.Q6_K,
                  1)),
          new Published(
              "Llama 3.1 8B",
              LlamaTensors.LLAMA_3_1_8B,
              FileType.Q5_K_M,
              Map.of(TensorType.F32, 66, TensorType.Q5_K, 193, TensorType.Q6_K, 33)),
          new Published(
              "Llama 3.1 8B",
              LlamaTensors.LLAMA_3_1_8B,
              FileType.Q5_K_S,
              Map.of(TensorType.F32, 66, TensorType.Q5_K, 225, TensorType.Q6_K, 1)),
          new Published(
              "Llama 3.1 8B",
              LlamaTensors.LLAMA_3_1_8B,
              FileType.Q4_0,
              Map.of(TensorType.F32, 66, TensorType.Q4_0, 225, TensorType.Q6_K, 1)),
          new Published(
              "Llama 3.1 8B",
              LlamaTensors.LLAMA_3_1_8B,
              FileType.Q8_0,
              Map.of(TensorType.F32, 66, TensorType.Q8_0, 226)),
          new Published(
              "Llama 3.1 70B",
              LlamaTensors.LLAMA_3_1_70B,
              FileType.Q4_K_M,
              Map.of(
                  TensorType.F32,
                  162,
                  TensorType.Q4_K,
                  441,
                  TensorType.Q5_K,
                  40,
                  TensorType.Q6_K,
                  81)),
          new Published(
              "Llama 3.1 70B",
              LlamaTensors.LLAMA_3_1_70B,
              FileType.Q5_K_M,
              Map.of(TensorType.F32, 162, TensorType.Q5_K, 481, TensorType.Q6_K, 81)),
          new Published(
              "Llama 3.2 1B",
              LlamaTensors.LLAMA_3_2_1B,
              FileType.Q4_K_M,
              Map.of(TensorType.F32, 34, TensorType.Q4_K, 96, TensorType.Q6_K, 17)),
          new Published(
              "Llama 3.2 1B",
              LlamaTensors.LLAMA_3_2_1B,
              FileType.Q8_0,
              Map.of(TensorType.F32, 34, TensorType.Q8_0, 113)));

  @ParameterizedTest
  @FieldSource("PUBLISHED")
  void publishedFilesHaveTheseTypes(Published file) {
    assertThat(file.model().counts(file.fileType())).isEqualTo(file.counts());
  }

  /** What llama.cpp's loader prints as BPW for files of this model. */
  @ParameterizedTest
  @CsvSource({
    "F16, 16.00",
    "Q8_0, 8.50",
    "Q6_K, 6.56",
    "Q5_K_M, 5.70",
    "Q5_K_S, 5.57",
    "Q4_K_M, 4.89",
    "Q4_K_S, 4.67",
    "Q4_0, 4.64",
    "Q4_1, 5.10"
  })
  void publishedFilesOf8BHaveTheseSizes(FileType fileType, double bits) {
    assertThat(LlamaTensors.LLAMA_3_1_8B.bitsPerWeight(fileType)).isCloseTo(bits, within(0.005));
  }

  /**
   * Types of value and down projections by block, {@code 4} for Q4_K and so on, as
   * llama_model_quantize of llama.cpp 0.5.0 chose them for models of that shape.
   */
  @ParameterizedTest
  @CsvSource({
    "Q4_K_M, 16, 2, 6644644644644666, 6644644644644666",
    "Q5_K_M, 16, 2, 6655655655655666, 6655655655655666",
    "Q4_K_S, 16, 2, 5555444444444444, 5544444444444444",
    "Q5_K_S, 16, 2, 5555555555555555, 5555555555555555",
    "Q4_K,   16, 2, 4444444444444444, 4444444444444444",
    "Q4_K_M, 32, 2, 66664464464464464464464464466666, 66664464464464464464464464466666",
    "Q4_K_S, 32, 2, 55554444444444444444444444444444, 55554444444444444444444444444444",
    "Q4_K_M, 5,  2, 44646, 44646",
    "Q4_K_M, 5,  4, 44646, 44646"
  })
  void someBlocksGetMoreBits(
      FileType fileType, int layers, int kvHeads, String values, String downs) {
    LlamaTensors model = shape(layers, 256, 512, kvHeads, false);
    assertThat(digits(model, fileType, "attn_v")).isEqualTo(values);
    assertThat(digits(model, fileType, "ffn_down")).isEqualTo(downs);
    for (String rest : List.of("attn_q", "attn_k", "attn_output", "ffn_gate", "ffn_up")) {
      String base = fileType.name().substring(1, 2);
      assertThat(digits(model, fileType, rest)).isEqualTo(base.repeat(layers));
    }
  }

  @Test
  void valueProjectionsOf70BHaveFiveBitsAtLeast() {
    String more = "6".repeat(10);
    String middle = "446".repeat(20);
    LlamaTensors shared = shape(80, 256, 512, 2, false);
    LlamaTensors own = shape(80, 256, 512, 4, false);
    String plain = more + middle + more;
    assertThat(digits(shared, FileType.Q4_K_M, "attn_v")).isEqualTo(plain.replace('4', '5'));
    assertThat(digits(shared, FileType.Q4_K_M, "ffn_down")).isEqualTo(plain);
    assertThat(digits(own, FileType.Q4_K_M, "attn_v")).isEqualTo(plain);
    assertThat(digits(shared, FileType.Q4_K_S, "attn_v")).isEqualTo("5".repeat(80));
    assertThat(digits(shared, FileType.Q4_K, "attn_v")).isEqualTo("4".repeat(80));
    assertThat(digits(shared, FileType.Q5_K_M, "attn_v")).isEqualTo(plain.replace('4', '5'));
  }

  /** Rows of 192 are whole blocks of 32 but not of 256; counts are llama.cpp 0.5.0's. */
  @ParameterizedTest
  @CsvSource({
    "Q4_K_S, Q5_0=106 Q5_1=6 Q8_0=1",
    "Q4_K_M, Q5_0=96 Q8_0=17",
    "Q5_K_S, Q5_1=112 Q8_0=1",
    "Q5_K_M, Q5_1=96 Q8_0=17",
    "Q6_K, Q8_0=113",
    "Q4_0, Q4_0=112 Q8_0=1",
    "Q5_1, Q5_1=112 Q8_0=1",
    "Q8_0, Q8_0=113"
  })
  void rowsThatAreNotWholeBlocksFallBack(FileType fileType, String expected) {
    Map<TensorType, Integer> counts = shape(16, 192, 320, 2, true).counts(fileType);
    assertThat(counts.remove(TensorType.F32)).isEqualTo(33);
    assertThat(counts.toString()).isEqualTo("{" + expected.replace(" ", ", ") + "}");
  }

  @ParameterizedTest
  @EnumSource(
      value = FileType.class,
      names = {"F32", "F16", "BF16"},
      mode = Mode.EXCLUDE)
  void rowsThatAreNoBlocksAtAllBecomeF16(FileType fileType) {
    LlamaTensors model = shape(2, 40, 48, 2, true);
    assertThat(model.counts(fileType)).isEqualTo(Map.of(TensorType.F16, 15, TensorType.F32, 5));
  }

  @ParameterizedTest
  @EnumSource(names = {"F32", "F16", "BF16"})
  void typesWithoutBlocksAreTheSameForEveryMatrix(FileType fileType) {
    Map<String, TensorType> types = LlamaTensors.LLAMA_3_1_8B.types(fileType);
    types.forEach((name, type) -> {
      boolean vector = name.contains("_norm") || name.startsWith("rope_freqs");
      assertThat(type).as(name).isEqualTo(vector ? TensorType.F32 : fileType.tensorType());
    });
  }

  @ParameterizedTest
  @EnumSource
  void whatIsNoMatrixOfWeightsStays(FileType fileType) {
    TensorTypeRules rules = new TensorTypeRules(fileType, 32, true, false);
    assertThat(rules.typeOf("blk.0.attn_norm.weight", List.of(256L), TensorType.BF16))
        .isEqualTo(TensorType.BF16);
    assertThat(rules.typeOf("blk.0.attn_q.weight", List.of(256L, 1L), TensorType.F16))
        .isEqualTo(TensorType.F16);
    assertThat(rules.typeOf("blk.0.attn_norm.weight", List.of(256L, 2L), TensorType.F32))
        .isEqualTo(TensorType.F32);
    assertThat(rules.typeOf("blk.0.attn_q.bias", List.of(256L, 2L), TensorType.F32))
        .isEqualTo(TensorType.F32);
    assertThat(rules.typeOf("scalar", List.of(), TensorType.F32)).isEqualTo(TensorType.F32);
  }

  @Test
  void theEmbeddingIsTheOutputOnlyWhereTheyAreOne() {
    List<Long> shape = List.of(256L, 512L);
    TensorTypeRules tied = new TensorTypeRules(FileType.Q4_K_M, 16, true, true);
    TensorTypeRules untied = new TensorTypeRules(FileType.Q4_K_M, 16, true, false);
    assertThat(tied.typeOf("token_embd.weight", shape, TensorType.F16)).isEqualTo(TensorType.Q6_K);
    assertThat(untied.typeOf("token_embd.weight", shape, TensorType.F16))
        .isEqualTo(TensorType.Q4_K);
    assertThat(untied.typeOf("output.weight", shape, TensorType.F16)).isEqualTo(TensorType.Q6_K);
  }

  private static LlamaTensors shape(
      int layers, int hidden, int intermediate, int kvHeads, boolean tied) {
    return new LlamaTensors(layers, hidden, intermediate, 4, kvHeads, hidden / 4, 64, tied, false);
  }

  private static String digits(LlamaTensors model, FileType fileType, String matrix) {
    Map<String, TensorType> types = model.types(fileType);
    StringBuilder digits = new StringBuilder();
    IntStream.range(0, model.layers())
        .mapToObj(layer -> types.get("blk." + layer + "." + matrix + ".weight"))
        .forEach(type -> digits.append(type.name().charAt(1)));
    return digits.toString();
  }
}
