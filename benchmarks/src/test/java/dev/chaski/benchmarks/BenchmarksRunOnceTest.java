package dev.chaski.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.chaski.kernels.TensorType;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Every benchmark runs once, so that it cannot rot; each checks its own answer in its setup. */
class BenchmarksRunOnceTest {
  @ParameterizedTest
  @CsvSource({"vector, F16, 1", "vector, F32, 3", "scalar, F16, 2"})
  void attention(String provider, TensorType cache, int tokens) {
    AttentionBenchmark benchmark = new AttentionBenchmark();
    benchmark.provider = provider;
    benchmark.shape = "1b";
    benchmark.context = 700;
    benchmark.cache = cache;
    benchmark.tokens = tokens;
    benchmark.threads = 2;
    benchmark.setUp();
    try {
      assertThat(benchmark.attention().rows()).isEqualTo(tokens);
    } finally {
      benchmark.tearDown();
    }
  }

  @ParameterizedTest
  @EnumSource
  void elementwise(ElementwiseBenchmark.Operation operation) {
    ElementwiseBenchmark benchmark = new ElementwiseBenchmark();
    benchmark.operation = operation;
    benchmark.provider = "vector";
    benchmark.shape = "1b";
    benchmark.tokens = 3;
    benchmark.threads = 2;
    benchmark.setUp();
    try {
      assertThat(benchmark.run().rows()).isEqualTo(3);
    } finally {
      benchmark.tearDown();
    }
  }

  @ParameterizedTest
  @EnumSource
  void sampling(SamplingBenchmark.Chain chain) {
    SamplingBenchmark benchmark = new SamplingBenchmark();
    benchmark.chain = chain;
    benchmark.vocabulary = 128_256;
    benchmark.deviation = 3;
    benchmark.setUp();

    assertThat(benchmark.sample()).isBetween(0, 128_255);
  }

  @ParameterizedTest
  @EnumSource
  void tokenizer(TokenizerBenchmark.Implementation implementation) throws IOException {
    TokenizerBenchmark benchmark = new TokenizerBenchmark();
    benchmark.implementation = implementation;
    benchmark.bytes = 100_000;
    benchmark.setUp();

    assertThat(benchmark.encode()).isBetween(20_000, 60_000);
    assertThat(benchmark.decode()).hasSizeGreaterThan(50_000);
  }

  @Test
  void vocabulary() throws IOException {
    VocabularyBenchmark benchmark = new VocabularyBenchmark();
    benchmark.source = "cl100k";
    benchmark.setUp();

    assertThat(benchmark.load().vocabSize()).isEqualTo(100_256);
  }

  @ParameterizedTest
  @EnumSource
  void roofline(RooflineBenchmark.Limit limit) {
    RooflineBenchmark benchmark = new RooflineBenchmark();
    benchmark.limit = limit;
    benchmark.threads = 2;
    benchmark.mebibytes = 16;
    benchmark.setUp();
    try {
      assertThat(benchmark.run()).isNotZero();
    } finally {
      benchmark.tearDown();
    }
  }

  @Test
  void aWrongAnswerIsNoticed() {
    assertThatThrownBy(() -> Answers.requireClose("it", 1.5, 1, 0.1))
        .hasMessage("wrong answer: it is 1.5, expected 1.0 ± 0.1");
    assertThatThrownBy(() -> Answers.requireClose("it", Double.NaN, 1, 0.1))
        .hasMessageContaining("NaN");
  }
}
