package dev.chaski.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.chaski.kernels.TensorType;
import java.io.IOException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The benchmark runs once, so that it cannot rot. */
class MatmulBenchmarkTest {
  @ParameterizedTest
  @CsvSource({"1, cache", "3, memory"})
  void runs_once(int tokens, MatmulBenchmark.WorkingSet workingSet) throws IOException {
    MatmulBenchmark benchmark = new MatmulBenchmark();
    benchmark.provider = "vector";
    benchmark.type = TensorType.Q8_0;
    benchmark.rowsByColumns = "2048x2048";
    benchmark.tokens = tokens;
    benchmark.threads = 2;
    benchmark.workingSet = workingSet;
    benchmark.setUp();
    try {
      assertThat(benchmark.matmul().rows()).isEqualTo(tokens);
    } finally {
      benchmark.tearDown();
    }
  }
}
