package dev.chaski.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.chaski.Chaski;
import dev.chaski.Options;
import dev.chaski.ProjectFiles;
import dev.chaski.kernels.TensorType;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SpeedMeterTest {
  @ParameterizedTest
  @CsvSource({"7, 0, 0", "0, 3, 0", "7, 3, 0", "7, 3, 5"})
  void timesEveryKindOfTestAgainAndAgain(int prompt, int generated, int depth) throws IOException {
    SpeedTest test = new SpeedTest(prompt, generated, depth);
    try (Chaski chaski = Chaski.open(ProjectFiles.embeddedModel(), Options.defaults());
        SpeedMeter meter = new SpeedMeter(chaski.loaded().model(), test, TensorType.F16, 4)) {
      assertThat(meter.run()).isPositive();
      assertThat(meter.run()).isPositive();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "512,   0,    0, pp512",
    "  0, 128,    0, tg128",
    "512, 128,    0, pp512+tg128",
    "  0, 128, 1024, tg128 @ d1024"
  })
  void testsAreCalledAsLlamaBenchCallsThem(int prompt, int generated, int depth, String name) {
    assertThat(new SpeedTest(prompt, generated, depth).name()).isEqualTo(name);
  }

  @Test
  void aTestNeedsTokens() {
    assertThatThrownBy(() -> new SpeedTest(0, 0, 5)).hasMessageContaining("no tokens");
    assertThatThrownBy(() -> new SpeedTest(-1, 5, 0)).hasMessageContaining("-1 of prompt");
  }

  /** 10 tokens in 1, 2 and 5 s: 10, 5 and 2 tokens a second. */
  @Test
  void resultsAreOfTheSpeedsOfRuns() {
    SpeedResult result =
        new SpeedResult(
            new SpeedTest(10, 0, 0),
            List.of(Duration.ofSeconds(1), Duration.ofSeconds(2), Duration.ofSeconds(5)));

    assertThat(result.tokensPerSecond()).containsExactly(10.0, 5.0, 2.0);
    assertThat(result.mean()).isCloseTo(17 / 3.0, within(1e-12));
    assertThat(result.median()).isEqualTo(5);
    assertThat(result.deviation()).isCloseTo(Math.sqrt(49 / 3.0), within(1e-12));
    assertThat(result.meanNanos()).isCloseTo(8e9 / 3, within(1e-3));
  }

  @Test
  void theMachineIsKnown() {
    Machine machine = Machine.current();

    assertThat(machine.cpu()).isNotBlank();
    assertThat(machine.processors()).isPositive();
    assertThat(machine.jdk()).startsWith(Runtime.version().toString());
  }
}
