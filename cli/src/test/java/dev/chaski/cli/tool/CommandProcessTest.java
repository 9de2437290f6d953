package dev.chaski.cli.tool;

import static org.assertj.core.api.Assertions.assertThat;

import dev.chaski.generate.Cancellation;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;

@Timeout(30)
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "the commands are those of Unix")
class CommandProcessTest {
  private static final Duration LONG = Duration.ofSeconds(20);

  private static String run(Duration timeout, Cancellation cancellation, String... command) {
    return CommandProcess.run(List.of(command), "the input é", timeout, cancellation);
  }

  private static String run(String... command) {
    return run(LONG, new Cancellation(), command);
  }

  @Test
  void givesWhatTheCommandPrints() {
    assertThat(run("cat")).isEqualTo("the input é");
    assertThat(run("echo", "a  b", "$HOME")).isEqualTo("a  b $HOME");
    assertThat(run("true")).isEmpty();
  }

  @Test
  void saysWhatWentWrong() {
    assertThat(run("sh", "-c", "echo out; echo err >&2; exit 3"))
        .isEqualTo("The command failed with status 3.\nout\nerr");
    assertThat(run("/does/not/exist"))
        .startsWith("The command cannot be run: ")
        .contains("/does/not/exist");
  }

  @Test
  void longOutputIsCut() {
    assertThat(run("sh", "-c", "yes 1234567 | head -c 10000000")).hasSize((32 << 10) - 1);
  }

  @Test
  void stopsACommandThatTakesTooLongOrIsCancelled() {
    assertThat(run(Duration.ofMillis(200), new Cancellation(), "sh", "-c", "echo a; sleep 60"))
        .startsWith("The command was stopped: it took more than 0 seconds.");
    Cancellation cancelled = new Cancellation();
    cancelled.cancel();
    assertThat(run(LONG, cancelled, "sleep", "60")).isEqualTo("The user stopped the command.");
  }
}
