package dev.chaski.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With the model inside; the estimate is checked against the logits command. */
class PerplexityCommandTest {
  private static final int VOCABULARY = 2048;
  private static final int CONTEXT = 16;
  private static final Pattern FINAL =
      Pattern.compile("\nFinal estimate: PPL = (\\d+\\.\\d{4}) \\+/- (\\d+\\.\\d{5})\n$");
  private static final String TEXT =
      "The capital of Peru is Lima.\nIt lies on the coast. <|eot_id|> is text here, and so is the"
          + " rest of this line about rivers, mountains and the sea.\n";

  @TempDir private Path folder;
  private Path file;

  @BeforeEach
  void writeText() throws IOException {
    file = Files.writeString(folder.resolve("text.txt"), TEXT);
  }

  @Test
  void agreesWithTheLogits() throws IOException {
    CommandRun run = perplexity("-c", "" + CONTEXT, "--chunks", "2");
    Matcher matcher = FINAL.matcher(run.out());

    assertThat(matcher.find()).as(run.out()).isTrue();
    double expected = expected(2);
    assertThat(Double.parseDouble(matcher.group(1))).isCloseTo(expected, within(1e-3 * expected));
    assertThat(Double.parseDouble(matcher.group(2))).isPositive();
    assertThat(run.out()).matches("\\[1\\]\\d+\\.\\d{4},\\[2\\]\\d+\\.\\d{4},\n(?s:.*)");
  }

  @Test
  void aShortTextIsAUsageError() throws IOException {
    Files.writeString(file, "too short");
    CommandRun run = CommandRun.of("perplexity", "-f", file.toString());

    assertThat(run.status()).isEqualTo(2);
    assertThat(run.err()).contains("text.txt: the text has", "needs 1024 for two chunks of 512");
  }

  @Test
  void aMissingFileIsAFailure() {
    CommandRun run = CommandRun.of("perplexity", "-f", folder.resolve("none.txt").toString());

    assertThat(run.status()).isEqualTo(1);
    assertThat(run.err()).contains("none.txt: there is no such file");
  }

  /** Perplexity of the first chunks: ids of one command, logits of another. */
  private double expected(int chunks) throws IOException {
    List<String> ids = new ArrayList<>();
    ids.add("0"); // replaced in every chunk
    String encoded = CommandRun.of("tokenize", TEXT.strip()).out();
    ids.addAll(List.of(encoded.replaceAll("[\\[\\]\\s]", "").split(",", -1)));
    String bos =
        CommandRun.of("tokenize", "--special", "<|begin_of_text|>")
            .out()
            .replaceAll("[\\[\\]\\s]", "");
    double losses = 0;
    int scored = 0;
    for (int chunk = 0; chunk < chunks; chunk++) {
      List<String> part = new ArrayList<>(ids.subList(chunk * CONTEXT, chunk * CONTEXT + CONTEXT));
      part.set(0, bos);
      float[] logits = logits(String.join(",", part));
      for (int i = CONTEXT / 2; i < CONTEXT - 1; i++) {
        double sum = 0;
        float target = logits[i * VOCABULARY + Integer.parseInt(part.get(i + 1))];
        for (int j = 0; j < VOCABULARY; j++) {
          sum += Math.exp(logits[i * VOCABULARY + j] - target);
        }
        losses += Math.log(sum);
        scored++;
      }
    }
    return Math.exp(losses / scored);
  }

  private float[] logits(String ids) throws IOException {
    Path rows = folder.resolve("rows.bin");
    CommandRun run =
        CommandRun.of(
            "logits",
            "--ids",
            ids,
            "--positions",
            "0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15",
            "-o",
            rows.toString());
    assertThat(run.status()).as(run.err()).isZero();
    float[] logits = new float[CONTEXT * VOCABULARY];
    ByteBuffer.wrap(Files.readAllBytes(rows))
        .order(ByteOrder.LITTLE_ENDIAN)
        .asFloatBuffer()
        .get(logits);
    return logits;
  }

  private CommandRun perplexity(String... args) {
    String[] all = new String[args.length + 3];
    all[0] = "perplexity";
    all[1] = "-f";
    all[2] = file.toString();
    System.arraycopy(args, 0, all, 3, args.length);
    CommandRun run = CommandRun.of(all);
    assertThat(run.status()).as(run.err()).isZero();
    assertThat(run.err()).isEmpty();
    return run;
  }
}
