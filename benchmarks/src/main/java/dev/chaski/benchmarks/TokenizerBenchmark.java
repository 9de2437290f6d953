package dev.chaski.benchmarks;

import com.knuddels.jtokkit.Encodings;
import com.knuddels.jtokkit.api.Encoding;
import com.knuddels.jtokkit.api.EncodingType;
import com.knuddels.jtokkit.api.IntArrayList;
import dev.chaski.tokenizer.BpeTokenizer;
import dev.chaski.tokenizer.SpecialTokens;
import dev.chaski.tokenizer.TokenBuffer;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
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
 * Text to ids and back, beside jtokkit: both with the vocabulary {@code cl100k_base} that comes
 * with jtokkit, whose way of cutting text is Llama 3's too, so they must find the same ids. One
 * operation is the whole text.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 3)
public class TokenizerBenchmark implements Measured {
  /** Who does it. */
  public enum Implementation {
    chaski,
    jtokkit
  }

  @Param // both
  public Implementation implementation;

  @Param({"5000000"})
  public int bytes;

  private String text;
  private int[] ids;
  private BpeTokenizer tokenizer;
  private Encoding peer;
  private IntArrayList peerIds;

  /** JMH wants it. */
  public TokenizerBenchmark() {}

  /** Loads the vocabulary twice, and compares what is made of the text. */
  @Setup
  public void setUp() throws IOException {
    try (InputStream in = cl100k()) {
      tokenizer = BpeTokenizer.of(TiktokenVocabulary.read(in));
    }
    peer = Encodings.newLazyEncodingRegistry().getEncoding(EncodingType.CL100K_BASE);
    text = MixedText.ofBytes(bytes);
    ids = tokenizer.encode(text);
    peerIds = peer.encodeOrdinary(text);
    Answers.require("ids are not jtokkit's", Arrays.equals(ids, peerIds.toArray()));
    Answers.require("decoding does not give the text back", decode().equals(text));
  }

  /** The file in jtokkit's jar. */
  static InputStream cl100k() {
    return Encodings.class.getResourceAsStream("cl100k_base.tiktoken");
  }

  /** Text to ids; answers how many. */
  @Benchmark
  public int encode() {
    return switch (implementation) {
      case chaski -> {
        TokenBuffer out = new TokenBuffer(ids.length);
        tokenizer.encode(text, SpecialTokens.AS_TEXT, out);
        yield out.size();
      }
      case jtokkit -> peer.encodeOrdinary(text).size();
    };
  }

  /** Ids to text. */
  @Benchmark
  public String decode() {
    return switch (implementation) {
      case chaski -> tokenizer.decode(ids);
      case jtokkit -> peer.decode(peerIds);
    };
  }

  @Override
  public Work work() {
    String same = MixedText.ofBytes(bytes);
    return new Work(same.getBytes(StandardCharsets.UTF_8).length, 0, false);
  }
}
