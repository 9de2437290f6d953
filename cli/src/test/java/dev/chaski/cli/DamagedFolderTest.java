package dev.chaski.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Checkpoints whose settings are damaged at random: one clear line, or an answer. */
class DamagedFolderTest {
  private static final int ROUNDS = 25;
  private static final long SEED = 20260715;

  private static final Pattern JSON_VALUE =
      Pattern.compile("\"(?:[^\"\\\\]|\\\\.){0,80}\"|-?\\d[\\d.eE+-]*|true|false|null");

  private static final List<String> HOSTILE =
      List.of(
          "-1",
          "0",
          "1",
          "3",
          "2147483647",
          "4294967296",
          "99999999999999999999999999",
          "1e-40",
          "1e400",
          "NaN",
          "-0.5",
          "null",
          "true",
          "\"\"",
          "\"../../x\"",
          "\"\\ud800\"",
          "[]",
          "{}",
          "[[[[]]]]",
          "[1, 2]",
          "{\"a\": 1}");

  @TempDir private Path folder;

  @ParameterizedTest
  @CsvSource({
    "models/cria-hf/bf16, config.json",
    "models/cria-hf/bf16, generation_config.json",
    "models/cria-hf/bf16, tokenizer.json",
    "models/cria-hf/bf16, tokenizer_config.json",
    "models/cria-hf/fp8-dynamic, config.json",
    "vectors/hf/fp8-fbgemm, config.json",
    "vectors/hf/f32-sharded-untied, model.safetensors.index.json",
    "vectors/hf/fp8-block128, model.safetensors"
  })
  @Timeout(value = 120, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void damageIsToldInOneLine(String checkpoint, String name) throws IOException {
    try (Stream<Path> files = Files.list(SharedFiles.require(checkpoint))) {
      for (Path file : files.toList()) {
        Files.createSymbolicLink(folder.resolve(file.getFileName()), file);
      }
    }
    Path file = folder.resolve(name);
    byte[] whole = Files.readAllBytes(file);
    Files.delete(file);
    Random random = new Random(SEED + name.hashCode());
    int refused = 0;
    for (int round = 0; round < ROUNDS; round++) {
      byte[] damaged = damaged(whole, random);
      Files.write(file, damaged);
      refused += check(round, CommandRun.of("info", "-m", folder.toString()));
      refused +=
          check(
              round,
              CommandRun.of(
                  "run", "-q", "-m", folder.toString(), "-n", "2", "-s", "1", "-p", "Hello!"));
    }
    assertThat(refused).as("models refused").isPositive();
  }

  /** Answers 1 for a model that was refused, else 0. */
  private static int check(int round, CommandRun run) {
    assertThat(run.err())
        .as("round %d: %s", round, run)
        .doesNotContain("internal error", "\tat ", "Exception", "out of memory");
    if (run.status() != ExitStatus.OK) {
      assertThat(run.err()).as("round %d", round).startsWith("chaski: ").hasLineCount(1);
      assertThat(run.out()).as("round %d", round).isEmpty();
      return 1;
    }
    return 0;
  }

  private static byte[] damaged(byte[] whole, Random random) {
    return switch (random.nextInt(6)) {
      case 0 -> Arrays.copyOf(whole, random.nextInt(whole.length));
      case 1 -> {
        byte[] flipped = whole.clone();
        flipped[random.nextInt(whole.length)] ^= (byte) (1 << random.nextInt(8));
        yield flipped;
      }
      case 2 -> {
        int from = random.nextInt(whole.length);
        int to = Math.min(whole.length, from + 1 + random.nextInt(40));
        byte[] cut = Arrays.copyOf(whole, whole.length - (to - from));
        System.arraycopy(whole, to, cut, from, whole.length - to);
        yield cut;
      }
      default -> replaced(new String(whole, StandardCharsets.ISO_8859_1), random);
    };
  }

  /** Another value, or another key, for one that is there. */
  private static byte[] replaced(String json, Random random) {
    List<MatchResult> values = new ArrayList<>();
    Matcher matcher = JSON_VALUE.matcher(json);
    while (matcher.find()) {
      values.add(matcher.toMatchResult());
    }
    MatchResult value = values.get(random.nextInt(values.size()));
    String hostile = HOSTILE.get(random.nextInt(HOSTILE.size()));
    String text = json.substring(0, value.start()) + hostile + json.substring(value.end());
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }
}
