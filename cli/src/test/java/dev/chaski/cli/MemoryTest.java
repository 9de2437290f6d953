package dev.chaski.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.chaski.Chaski;
import dev.chaski.MemoryPlan;
import dev.chaski.Options;
import java.io.IOException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What somebody sees whose machine is too small for the context asked for. */
class MemoryTest {
  private MemoryPlan plan;

  @BeforeEach
  void planForCria() throws IOException {
    try (Chaski chaski = EmbeddedModel.open(Options.defaults())) {
      plan = chaski.memoryPlan();
    }
  }

  private static CommandRun run(long context) {
    return CommandRun.of(
        "run", "-q", "--temp", "0", "-p", "What is the capital of Peru?", "-c", "" + context);
  }

  @Test
  void whatFitsIsNotSpokenOf() {
    assertThat(run(plan.fastContext()).err()).isEmpty();
  }

  @Test
  void whatIsSlowIsOneLine() {
    CommandRun run = run(plan.longestContext());
    assertThat(run.err())
        .startsWith("chaski: note: the weights (5 MB) and a context of ")
        .contains(" are more than this machine's ")
        .endsWith(" tokens would fit\n")
        .hasLineCount(1);
    assertThat(run.out()).isEqualTo("The capital of Peru is Lima.\n");
  }

  @Test
  void whatDoesNotFitIsRefusedInOneLine() {
    CommandRun run = run(plan.longestContext() + 1L);
    assertThat(run.err())
        .startsWith("chaski: a context of ")
        .contains(
            " for keys and values, this machine has ", " fit, and ", " beside the weights (5 MB)")
        .hasLineCount(1);
    assertThat(run.out()).isEmpty();
    assertThat(run.status()).isEqualTo(ExitStatus.USAGE);
  }
}
