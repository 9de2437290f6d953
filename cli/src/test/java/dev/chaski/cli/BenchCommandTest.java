package dev.chaski.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** With the model inside, and tests of a few tokens. */
class BenchCommandTest {
  @Test
  void printsLlamaBenchsTable() {
    CommandRun run = bench("-p", "8,16", "-n", "2", "-pg", "8,2", "-r", "2", "-t", "1");

    List<String> lines = run.out().lines().toList();
    assertThat(lines.get(0)).matches("\\| model +\\| +size \\| +params \\|.* test \\| +t/s \\|");
    assertThat(lines.get(1)).matches("\\|( -+[-:] \\|){9}");
    assertThat(lines).extracting(String::length).startsWith(lines.get(2).length());
    assertThat(lines.subList(2, 6)).allMatch(line -> line.contains("| llama 4.30 M Q8_0 "));
    assertThat(lines.subList(2, 6))
        .extracting(line -> line.split("\\|", -1)[8].strip())
        .containsExactly("pp8", "pp16", "tg2", "pp8+tg2");
    assertThat(lines.get(2)).containsPattern("\\d+\\.\\d\\d ± \\d+\\.\\d\\d \\|$");
    assertThat(lines.getLast()).startsWith("chaski ").contains("JDK " + Runtime.version());
  }

  @Test
  void listsMakeEveryCombination() {
    CommandRun run =
        bench("-p", "4", "-n", "0", "-b", "2,4", "-t", "1,2", "-d", "0,3", "-o", "csv");

    assertThat(run.out().lines().skip(1))
        .extracting(BenchCommandTest::combination)
        .containsExactly("1 2 0", "1 2 3", "1 4 0", "1 4 3", "2 2 0", "2 2 3", "2 4 0", "2 4 3");
  }

  /** Threads, batch and depth of a line. */
  private static String combination(String line) {
    String[] cells = line.substring(1, line.length() - 1).split("\",\"", -1);
    return cells[12] + " " + cells[11] + " " + cells[16];
  }

  @Test
  void csvHasAsManyCellsAsNames() {
    List<String> lines = bench("-p", "4", "-n", "1", "-o", "csv").out().lines().toList();

    assertThat(lines).hasSize(3);
    assertThat(Arrays.asList(lines.get(0).split(",", -1)))
        .hasSize(lines.get(1).split("\",\"", -1).length)
        .contains("model_type", "n_prompt", "avg_ts", "cpu_info", "jdk");
  }

  @Test
  void jsonHasTheSamples() {
    JsonNode rows =
        JsonMapper.shared().readTree(bench("-p", "4", "-n", "1", "-r", "3", "-o", "json").out());

    assertThat(rows).hasSize(2);
    JsonNode prompt = rows.get(0);
    assertThat(prompt.get("n_prompt").asInt()).isEqualTo(4);
    assertThat(prompt.get("n_gen").asInt()).isZero();
    assertThat(prompt.get("model_n_params").asLong()).isEqualTo(4_295_440);
    assertThat(prompt.get("jdk").asString()).startsWith(Runtime.version().toString());
    assertThat(prompt.get("samples_ns")).hasSize(3);
    double mean =
        prompt.get("samples_ts").valueStream().mapToDouble(JsonNode::asDouble).average().orElse(0);
    assertThat(prompt.get("avg_ts").asDouble()).isCloseTo(mean, within(1e-9 * mean)).isPositive();
  }

  @Test
  void jsonLinesAreTheObjectsOfJson() {
    List<String> lines = bench("-p", "4", "-n", "1", "-o", "jsonl").out().lines().toList();

    assertThat(lines)
        .hasSize(2)
        .allSatisfy(
            line -> assertThat(JsonMapper.shared().readTree(line).get("samples_ts")).hasSize(1));
  }

  /** Runs it; each test once to warm up and once more, unless {@code args} say otherwise. */
  private static CommandRun bench(String... args) {
    List<String> all = new ArrayList<>(List.of("bench", "--warmup", "0.001"));
    all.addAll(List.of(args));
    if (!all.contains("-r")) {
      all.addAll(List.of("-r", "1"));
    }
    CommandRun run = CommandRun.of(all.toArray(String[]::new));
    assertThat(run.status()).as(run.err()).isZero();
    assertThat(run.err()).isEmpty();
    return run;
  }
}
