package dev.chaski.benchmarks.endurance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The long runs, made short. */
@Timeout(300)
class EnduranceTest {
  private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
  private final PrintStream out = new PrintStream(printed, true, StandardCharsets.UTF_8);

  private static Path model() {
    String inProject = "cli/src/main/resources/dev/chaski/cli/cria/cria-q8_0.gguf";
    return Stream.iterate(
            Path.of("").toAbsolutePath(), folder -> folder != null, folder -> folder.getParent())
        .map(folder -> folder.resolve(inProject))
        .filter(Files::exists)
        .findFirst()
        .orElseThrow();
  }

  @Test
  void aCrowdGetsTheAnswersOfOneAloneAndLeavesNothingBehind()
      throws IOException, InterruptedException {
    List<String> faults = new Crowd(model(), 64, 2, 1, out).run(Duration.ofSeconds(4));
    assertThat(faults).as(printed.toString(StandardCharsets.UTF_8)).isEmpty();
    assertThat(printed.toString(StandardCharsets.UTF_8))
        .containsPattern("4 s: [1-9]\\d* answers finished, [1-9]\\d* cancelled")
        .as("memory is measured")
        .containsPattern("alone: .* nativeBytes=[1-9]");
  }

  @Test
  void wrongAnswersAreNoticed() throws IOException {
    Tally tally = new Tally();
    List<Errand> errands = List.of(Errand.all().getFirst());
    try (dev.chaski.Chaski chaski =
        dev.chaski.Chaski.open(model(), dev.chaski.Options.defaults().withThreads(1))) {
      List<Integer> wrong = new ArrayList<>(errands.getFirst().run(chaski).getFirst());
      wrong.set(0, wrong.getFirst() + 1);
      new Visitor(
              chaski, errands, List.of(List.of(wrong)), tally, 1, () -> !tally.faults().isEmpty())
          .run();
    }
    assertThat(tally.faults().getFirst()).contains("was answered");
    assertThat(tally.finished.sum()).isZero();
  }

  @Test
  void whoStandsStillIsNoticed() throws InterruptedException {
    CountDownLatch never = new CountDownLatch(1);
    Thread waiting =
        Thread.ofPlatform()
            .name("the one that waits")
            .daemon()
            .start(() -> {
              try {
                never.await();
              } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
              }
            });
    try (Watchdog watchdog = new Watchdog(() -> 7, Duration.ofMillis(1), out)) {
      while (!watchdog.isStuck()) {
        waiting.join(Duration.ofMillis(10));
      }
    }
    waiting.interrupt();
    assertThat(printed.toString(StandardCharsets.UTF_8)).contains("the one that waits");
  }

  @Test
  void aSoakMeasuresAllTheTime() throws IOException {
    List<SoakSample> samples =
        new Soak(model(), Duration.ofMillis(200), out).run(Duration.ofSeconds(2));
    assertThat(samples).isNotEmpty().allMatch(sample -> sample.tokensPerCpuSecond() > 0);
    List<String> lines = printed.toString(StandardCharsets.UTF_8).lines().toList();
    assertThat(lines).hasSize(1 + samples.size()).startsWith(SoakSample.HEADER);
    assertThat(lines.getLast().split(",", -1)).hasSize(7);
  }

  private static SoakVerdict verdict(double heapStep, double speedStep) {
    List<SoakSample> samples = new ArrayList<>();
    for (int i = 0; i < 16; i++) {
      Footprint footprint = new Footprint((long) (1e6 + i * heapStep), 0, 1, 2, 1000);
      samples.add(new SoakSample(i, (long) (1e6 + i * speedStep), 1, footprint));
    }
    return SoakVerdict.of(samples);
  }

  @Test
  void theVerdictSeesSlopes() {
    assertThat(verdict(0, 0).isFlat()).isTrue();
    assertThat(verdict(10_000, 0).isFlat()).as("a leak").isFalse();
    assertThat(verdict(0, -20_000).isFlat()).as("it slows down").isFalse();
    assertThat(verdict(10_000, 0))
        .hasToString(
            "last quarter / second quarter: heap 1.076,"
                + " resident 1.000, tokens per CPU second 1.000: NOT flat");
    assertThatIllegalArgumentException().isThrownBy(() -> SoakVerdict.of(List.of()));
  }
}
