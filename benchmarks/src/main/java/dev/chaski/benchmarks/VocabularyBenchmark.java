package dev.chaski.benchmarks;

import dev.chaski.tokenizer.BpeTokenizer;
import dev.chaski.tokenizer.BpeVocabulary;
import dev.chaski.tokenizer.TokenizerJson;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * A tokenizer made of its vocabulary, once in a new process: that is when people wait for it. From
 * lists as a GGUF file has them, or from a {@code tokenizer.json}.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 0)
@Measurement(iterations = 1)
@Fork(value = 10)
public class VocabularyBenchmark {
  /** {@code cl100k} for the 100,256 tokens that come with jtokkit, or a tokenizer.json. */
  @Param({"cl100k"})
  public String source;

  private BpeVocabulary vocabulary;

  /** JMH wants it. */
  public VocabularyBenchmark() {}

  /** Reads the lists, which is the file reader's part. */
  @Setup
  public void setUp() throws IOException {
    if (source.equals("cl100k")) {
      try (InputStream in = TokenizerBenchmark.cl100k()) {
        vocabulary = TiktokenVocabulary.read(in);
      }
    }
  }

  /** A tokenizer, ready for use. */
  @Benchmark
  public BpeTokenizer load() throws IOException {
    return vocabulary == null ? TokenizerJson.read(Path.of(source)) : BpeTokenizer.of(vocabulary);
  }
}
