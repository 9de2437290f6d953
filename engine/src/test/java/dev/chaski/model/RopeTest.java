package dev.chaski.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.chaski.SharedFiles;
import dev.chaski.kernels.IntTensor;
import dev.chaski.kernels.Kernels;
import dev.chaski.kernels.KernelsChoice;
import dev.chaski.kernels.KernelsOptions;
import dev.chaski.kernels.RopeFrequencies;
import dev.chaski.kernels.Tensor;
import dev.chaski.model.RopeScaling.Factors;
import dev.chaski.model.RopeScaling.Linear;
import dev.chaski.model.RopeScaling.Llama3;
import dev.chaski.model.RopeScaling.None;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Rotations as the forward pass uses them, up to the last position of a 128K context. */
class RopeTest {
  private static final double THETA = 500_000;
  private static final double TOLERANCE = 1e-6; // of a double's angle, rounded to a float's cosine

  private static final Llama3 LLAMA_3_1 = new Llama3(8, 1, 4, 8192);
  private static final Llama3 LLAMA_3_2 = new Llama3(32, 1, 4, 8192);

  /** A position with its cosine and sine for one pair of a head. */
  private record Rotation(String table, int position, int pair, double cos, double sin) {}

  @ParameterizedTest
  @ValueSource(strings = {"scalar", "vector"})
  void agreesWithTheGolden(String kernels) throws IOException {
    Map<String, RopeFrequencies> frequencies =
        Map.of(
            "llama31_8b", LLAMA_3_1.frequencies(THETA, 128),
            "llama32_1b", LLAMA_3_2.frequencies(THETA, 64));
    for (Rotation rotation : golden()) {
      check(kernels, frequencies.get(rotation.table()), rotation);
    }
  }

  private static List<Rotation> golden() throws IOException {
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(
                RopeTest.class.getResourceAsStream("rope.txt"), StandardCharsets.UTF_8))) {
      return lines
          .lines()
          .filter(line -> !line.startsWith("#"))
          .map(line -> line.split(" "))
          .map(row ->
              new Rotation(
                  row[0],
                  Integer.parseInt(row[1]),
                  Integer.parseInt(row[2]),
                  Double.parseDouble(row[3]),
                  Double.parseDouble(row[4])))
          .toList();
    }
  }

  private static void check(String kernelsName, RopeFrequencies frequencies, Rotation expected) {
    float[] row = angles(kernelsName, frequencies, expected.position());
    assertThat((double) row[2 * expected.pair()])
        .as("%s: cosine", expected)
        .isCloseTo(expected.cos(), within(TOLERANCE));
    assertThat((double) row[2 * expected.pair() + 1])
        .as("%s: sine", expected)
        .isCloseTo(expected.sin(), within(TOLERANCE));
  }

  /** Cosines and sines of all pairs at a position, in turns. */
  private static float[] angles(String kernelsName, RopeFrequencies frequencies, int position) {
    try (Kernels kernels =
        KernelsChoice.named(kernelsName).provider().create(new KernelsOptions(1))) {
      IntTensor positions = kernels.ints();
      positions.set(new int[] {position}, 1);
      Tensor out = kernels.tensor(1, 2 * frequencies.size());
      kernels.ropeAngles(out, frequencies, positions);
      float[] row = new float[2 * frequencies.size()];
      kernels.read(out, 0, row, 0);
      return row;
    }
  }

  static Stream<String> tables() {
    return Stream.of(
        "llama31_8b", "llama31_8b_gguf", "llama32_1b", "llama32_1b_gguf", "llama3_unscaled");
  }

  @ParameterizedTest
  @MethodSource("tables")
  void agreesWithTheTable(String name) throws IOException {
    Path folder = SharedFiles.require("vectors/rope");
    JsonNode index = JsonMapper.shared().readTree(Files.readAllBytes(folder.resolve("index.json")));
    JsonNode table =
        index
            .get("tables")
            .valueStream()
            .filter(node -> node.get("name").asString().equals(name))
            .findFirst()
            .orElseThrow();
    int headDim = table.get("head_dim").asInt();
    RopeFrequencies frequencies =
        scaling(table).frequencies(table.get("theta").asDouble(), headDim);
    ByteBuffer values =
        ByteBuffer.wrap(Files.readAllBytes(folder.resolve(table.get("file").asString())))
            .order(ByteOrder.LITTLE_ENDIAN);
    for (JsonNode position : table.get("positions")) {
      float[] row = angles("scalar", frequencies, position.asInt());
      for (int i = 0; i < headDim; i++) {
        assertThat((double) row[i])
            .as("position %d, value %d", position.asInt(), i)
            .isCloseTo(values.getDouble(), within(TOLERANCE));
      }
    }
    assertThat(values.remaining()).isZero();
  }

  /** From the numbers of the table or, as GGUF has it, from its divisors rounded to floats. */
  private static RopeScaling scaling(JsonNode table) {
    if (table.get("name").asString().endsWith("_gguf")) {
      List<Float> factors = new ArrayList<>();
      table.get("frequency_divisors").forEach(divisor -> factors.add((float) divisor.asDouble()));
      return new Factors(factors);
    }
    JsonNode numbers = table.get("rope_scaling");
    return numbers.isNull()
        ? new None()
        : new Llama3(
            numbers.get("factor").asDouble(),
            numbers.get("low_freq_factor").asDouble(),
            numbers.get("high_freq_factor").asDouble(),
            numbers.get("original_max_position_embeddings").asInt());
  }

  @Test
  void linearScalingStretchesPositions() {
    RopeFrequencies plain = new None().frequencies(THETA, 64);
    RopeFrequencies stretched = new Linear(4).frequencies(THETA, 64);
    for (int pair = 0; pair < 32; pair++) {
      assertThat(stretched.angle(pair, 4000)).isCloseTo(plain.angle(pair, 1000), within(1e-9));
    }
  }

  @Test
  void llama3LeavesFastPairsAloneAndSlowsSlowOnes() {
    double wholeTurns = 2 * Math.PI / 8192; // one turn in the original context
    assertThat(LLAMA_3_1.divisor(0, 4.01 * wholeTurns)).isEqualTo(1);
    assertThat(LLAMA_3_1.divisor(0, 0.99 * wholeTurns)).isEqualTo(8);
    assertThat(LLAMA_3_1.divisor(0, 4 * wholeTurns)).isCloseTo(1, within(1e-12));
    assertThat(LLAMA_3_1.divisor(0, 1 * wholeTurns)).isCloseTo(8, within(1e-12));
    // Half way: half of the frequency stays, half is divided by 8.
    assertThat(LLAMA_3_1.divisor(0, 2.5 * wholeTurns)).isCloseTo(16 / 9.0, within(1e-12));
  }
}
