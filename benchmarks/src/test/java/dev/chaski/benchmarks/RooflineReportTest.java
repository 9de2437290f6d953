package dev.chaski.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Collection;
import org.junit.jupiter.api.Test;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** A run of JMH in this process, too short to measure anything. */
class RooflineReportTest {
  @Test
  void everyResultIsHeldAgainstTheRooflineOfItsRun() throws RunnerException {
    Collection<RunResult> results =
        new Runner(
                new OptionsBuilder()
                    .include("RooflineBenchmark")
                    .include("MatmulBenchmark")
                    .param("threads", "1")
                    .param("mebibytes", "16")
                    .param("provider", "vector")
                    .param("type", "Q8_0")
                    .param("rowsByColumns", "512x512")
                    .param("workingSet", "cache")
                    .forks(0)
                    .warmupIterations(0)
                    .measurementIterations(1)
                    .measurementTime(TimeValue.milliseconds(50))
                    .verbosity(VerboseMode.SILENT)
                    .build())
            .run();
    RooflineReport report = new RooflineReport();
    report.add("512 bits", results);

    assertThat(report.text().strip().lines())
        .hasSize(5)
        .startsWith("| benchmark | µs | GB/s | GFLOP/s | of the limit |")
        .anyMatch(line -> line.matches("\\| Matmul\\.matmul provider=vector .* type=Q8_0 .* % \\|"))
        .anyMatch(line -> line.matches("\\| Roofline\\.run limit=memory .* \\| 100 % \\|"))
        .anyMatch(line -> line.matches("\\| Roofline\\.run limit=fma .* \\| 100 % \\|"));
  }

  @Test
  void matricesHaveNames() {
    assertThat(MatrixShape.parse("2048x8192")).isEqualTo(new MatrixShape(2048, 8192));
    assertThat(MatrixShape.parse("1b.down")).isEqualTo(new MatrixShape(2048, 8192));
    assertThat(MatrixShape.parse("8b.k")).isEqualTo(new MatrixShape(1024, 4096));
    assertThat(MatrixShape.parse("70b.gate")).isEqualTo(new MatrixShape(28_672, 8192));
    assertThatThrownBy(() -> MatrixShape.parse("8b.wq")).hasMessageContaining("there are q, k, v");
    assertThatThrownBy(() -> MatrixShape.parse("9b.q")).hasMessageContaining("no shape called");
  }
}
