package dev.chaski.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The largest, the smallest, and what lies beyond them, as arguments. */
@Timeout(120)
class ExtremeArgumentsTest {
  private static final String ANSWER = "Hello! How can I help you?\n";

  private static CommandRun hello(String... more) {
    List<String> args = new ArrayList<>(List.of("run", "-q", "-p", "Hello!"));
    args.addAll(List.of(more));
    return CommandRun.of(args.toArray(String[]::new));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--temp 0",
        "--temp 1e-45",
        "--temp 0 --top-k 0",
        "--temp 0 --top-k 2147483647",
        "--temp 5 --top-k 1",
        "--temp 0 -c 131072",
        "--temp 0 -n 2147483647",
      })
  void areFine(String args) {
    assertThat(hello(args.split(" ", -1))).isEqualTo(new CommandRun(0, ANSWER, ""));
  }

  @Test
  void aTemperatureWithoutBoundsStillGivesTokens() {
    CommandRun run = hello("--temp", "3e38", "--top-k", "0", "--top-p", "1", "-n", "5", "-s", "1");
    assertThat(run.status()).as(run.err()).isZero();
    assertThat(run.out()).isNotBlank();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "run -p Hello --temp inf        | 'inf' is not a float",
        "run -p Hello --temp Infinity   | temperature is Infinity",
        "run -p Hello --temp NaN        | temperature is NaN",
        "run -p Hello --temp -1         | temperature is -1",
        "run -p Hello --top-k -1        | topK is -1, must be >= 0",
        "run -p Hello -c 2000000000     | a context of 2,000,000,000 tokens takes",
        "run                            | the prompt is empty: give one with -p",
        "logits --ids 2048 -o /none/x   | --ids has 2048, the vocabulary goes from 0 to 2047",
        "logits --ids -1 -o /none/x     | --ids has -1, the vocabulary goes from 0 to 2047",
      })
  void areRefusedWithTheReason(String command, String reason) {
    CommandRun run = CommandRun.of(command.split(" ", -1));
    assertThat(run.status()).isEqualTo(ExitStatus.USAGE);
    assertThat(run.out()).isEmpty();
    assertThat(run.err()).contains(reason).hasLineCount(1);
  }

  @Test
  void aMillionTokensAreCountedAndRefused() {
    CommandRun run = CommandRun.withInput(" the".repeat(1_000_000), "run");
    assertThat(run.status()).isEqualTo(ExitStatus.FAILURE);
    assertThat(run.out()).isEmpty();
    assertThat(run.err())
        .containsPattern("the prompt has 1\\d{6} tokens, but a context of 512 positions")
        .hasLineCount(1);
  }
}
