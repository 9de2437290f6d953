package dev.chaski.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The benchmark runs once, so that it cannot rot. */
class GrammarMaskBenchmarkTest {
  @ParameterizedTest
  @ValueSource(strings = {"json", "schema"})
  void runs_once(String grammar) throws IOException {
    GrammarMaskBenchmark benchmark = new GrammarMaskBenchmark();
    benchmark.grammar = grammar;
    benchmark.tokenizer = "";
    benchmark.setUp();
    assertThat(benchmark.seen()).isEqualTo(benchmark.unseen()).isGreaterThan(128_000);
  }
}
