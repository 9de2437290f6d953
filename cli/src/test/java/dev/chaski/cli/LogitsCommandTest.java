package dev.chaski.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.chaski.gguf.GgufFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class LogitsCommandTest {
  private static final int VOCABULARY = 2048;
  private static final Path CRIA = Path.of("src/main/resources/dev/chaski/cli/cria/cria-q8_0.gguf");

  @TempDir private Path folder;

  /** Tolerances, in units of the logits' RMS, are those of the golden files' README. */
  @ParameterizedTest
  @CsvSource({"f32, 3e-5, 5e-6", "f16, 1.5e-2, 2e-3"})
  void agreesWithTheReference(String kvType, double maxError, double rmsError) throws IOException {
    Path golden = SharedFiles.require("vectors/logits/cria-q8_0.json");
    JsonNode root = JsonMapper.shared().readTree(Files.readAllBytes(golden));
    double rms = root.get("fidelity").get("float32_numpy").get("logit_rms").asDouble();
    byte[] reference = Files.readAllBytes(golden.resolveSibling("cria-q8_0.bin"));
    double squares = 0;
    double worst = 0;
    int count = 0;
    for (JsonNode prompt : root.get("prompts")) {
      float[] actual =
          logits(
              "--ids",
              join(prompt, "ids"),
              "--positions",
              join(prompt, "positions"),
              "--kv",
              kvType);
      float[] expected =
          floats(reference, prompt.at("/logits/ref64/offset").asInt(), actual.length);
      for (int i = 0; i < actual.length; i++) {
        double error = Math.abs(actual[i] - expected[i]);
        worst = Math.max(worst, error);
        squares += error * error;
      }
      count += actual.length;
    }

    assertThat(count).isEqualTo(12 * VOCABULARY);
    assertThat(worst).as("largest error").isLessThan(maxError * rms);
    assertThat(Math.sqrt(squares / count)).as("rms error").isLessThan(rmsError * rms);
  }

  @Test
  void printsTheShape() throws IOException {
    Path file = folder.resolve("a \"quoted\" name.bin");
    CommandRun run =
        CommandRun.of("logits", "--ids", "1,15,27", "--positions", "1,2", "-o", file.toString());

    assertThat(run.err()).isEmpty();
    JsonNode json = JsonMapper.shared().readTree(run.out());
    assertThat(json.get("shape").toString()).isEqualTo("[2,2048]");
    assertThat(json.get("dtype").asString()).isEqualTo("float32");
    assertThat(json.get("file").asString()).isEqualTo(file.toString());
    assertThat(file).hasSize(2 * VOCABULARY * Float.BYTES);
  }

  @Test
  void rowsComeInTheOrderAskedForWhateverTheBatches() {
    float[] all = logits("--ids", "5,6,7,8,9", "--positions", "0,1,2,3,4");
    float[] some = logits("--ids", "5,6,7,8,9", "--positions", "4,1,4", "-b", "2");
    float[] last = logits("--ids", "5,6,7,8,9");

    // Batches of another size add up in another order.
    assertThat(row(some, 0)).containsExactly(row(all, 4), within(1e-3f));
    assertThat(row(some, 1)).containsExactly(row(all, 1), within(1e-3f));
    assertThat(row(some, 2)).containsExactly(row(some, 0));
    assertThat(last).containsExactly(row(all, 4), within(1e-3f));
  }

  @Test
  void failureLeavesTheOldFileAndNothingElse() throws IOException {
    Path file = folder.resolve("logits.bin");
    Files.writeString(file, "old");
    CommandRun run =
        CommandRun.of("logits", "--ids", "1,2", "-m", "/no/such.gguf", "-o", file.toString());

    assertThat(run.status()).isEqualTo(1);
    assertThat(file).hasContent("old");
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files).containsExactly(file);
    }
  }

  @Test
  void oldFileIsReplacedAndNothingElseIsLeft() throws IOException {
    Path file = folder.resolve("logits.bin");
    Files.writeString(file, "old");
    logits("--ids", "1,2");

    assertThat(file).hasSize(VOCABULARY * Float.BYTES);
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files).containsExactly(file);
    }
  }

  /** The scale of the first block of a tensor is NaN. */
  @Test
  void aDamagedModelIsNamedAndLeavesNothing() throws IOException {
    Path model = folder.resolve("damaged.gguf");
    Path file = folder.resolve("logits.bin");
    int at;
    try (GgufFile cria = GgufFile.open(CRIA)) {
      at = (int) cria.tensor("blk.2.ffn_down.weight").orElseThrow().offset();
    }
    byte[] bytes = Files.readAllBytes(CRIA);
    bytes[at] = 0;
    bytes[at + 1] = 0x7E; // a half that is NaN
    Files.write(model, bytes);
    CommandRun run =
        CommandRun.of("logits", "-m", model.toString(), "--ids", "1,2,3", "-o", file.toString());

    assertThat(run.status()).isEqualTo(ExitStatus.FAILURE);
    assertThat(run.err())
        .contains("at position 2; NaN or infinity is first in layer 2 of")
        .contains("its weight wDown holds NaN or infinity in row 0");
    assertThat(file).doesNotExist();
  }

  private float[] logits(String... args) {
    Path file = folder.resolve("logits.bin");
    String[] all = new String[args.length + 3];
    all[0] = "logits";
    all[1] = "-o";
    all[2] = file.toString();
    System.arraycopy(args, 0, all, 3, args.length);
    CommandRun run = CommandRun.of(all);
    assertThat(run.status()).as(run.err()).isZero();
    try {
      byte[] bytes = Files.readAllBytes(file);
      return floats(bytes, 0, bytes.length / Float.BYTES);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static float[] row(float[] rows, int index) {
    return Arrays.copyOfRange(rows, index * VOCABULARY, (index + 1) * VOCABULARY);
  }

  private static float[] floats(byte[] bytes, int offset, int count) {
    float[] floats = new float[count];
    ByteBuffer.wrap(bytes, offset, count * Float.BYTES)
        .order(ByteOrder.LITTLE_ENDIAN)
        .asFloatBuffer()
        .get(floats);
    return floats;
  }

  private static String join(JsonNode prompt, String name) {
    return prompt.get(name).toString().replaceAll("[\\[\\]\\s]", "");
  }
}
