package dev.chaski.benchmarks;

import dev.chaski.grammar.Grammar;
import dev.chaski.grammar.GrammarMatcher;
import dev.chaski.grammar.TokenGrammar;
import dev.chaski.grammar.TokenTrie;
import dev.chaski.tokenizer.BpeTokenizer;
import dev.chaski.tokenizer.BpeVocabulary;
import dev.chaski.tokenizer.TokenType;
import dev.chaski.tokenizer.TokenizerJson;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Which tokens may come next, at each token of an answer: with a grammar seen before, and with one
 * that is new (made ready, and each mask found out for the first time). One operation is one token.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(2)
public class GrammarMaskBenchmark {
  /** Operations of a benchmark method are divided by it: tokens of an answer, at most. */
  private static final int TOKENS = 40;

  private static final String SCHEMA =
      """
      {"type": "object",
       "properties": {
         "name": {"type": "string", "maxLength": 40},
         "age": {"type": "integer", "minimum": 0, "maximum": 150},
         "email": {"type": "string", "format": "email"},
         "tags": {"type": "array", "items": {"type": "string"}, "maxItems": 5},
         "kind": {"enum": ["person", "robot"]},
         "child": {"$ref": "#"}},
       "required": ["name", "age", "kind"]}
      """;
  private static final String ANSWER =
      """
      {"name": "Ada Lovelace of London", "age": 36, "email": "ada@example.org", "tags": ["mathematics",\
       "poetry", "analytical engines", "日本語"], "kind": "person",\
       "child": {"name": "Byron King-Noel", "age": 12, "kind": "robot"}}\
      """;

  @Param({"json", "schema"})
  public String grammar;

  /** A {@code tokenizer.json}; empty for an invented vocabulary of 128,256 tokens. */
  @Param("")
  public String tokenizer;

  private Grammar source;
  private TokenTrie trie;
  private Set<Integer> endTokens;
  private TokenGrammar ready;
  private int[] answer; // (TOKENS)
  private long[] allowed;

  /** JMH wants it. */
  public GrammarMaskBenchmark() {}

  /** Makes the vocabulary. */
  @Setup
  public void setUp() throws IOException {
    BpeTokenizer tokens =
        tokenizer.isEmpty() ? synthetic(128_256) : TokenizerJson.read(Path.of(tokenizer));
    trie = TokenTrie.of(tokens.vocabSize(), id -> tokens.isSpecial(id) ? null : tokens.bytes(id));
    endTokens = Set.of(tokens.id("<|eot_id|>").orElseThrow());
    source = grammar.equals("json") ? Grammar.jsonObject() : Grammar.jsonSchema(SCHEMA);
    answer = Arrays.copyOf(tokens.encode(ANSWER), TOKENS);
    allowed = new long[(tokens.vocabSize() + Long.SIZE - 1) / Long.SIZE];
    ready = TokenGrammar.of(source, trie, endTokens);
    seen();
  }

  private static BpeTokenizer synthetic(int size) throws IOException {
    SyntheticVocabulary vocabulary = new SyntheticVocabulary(size);
    List<TokenType> types = new ArrayList<>();
    for (long type : vocabulary.types) {
      types.add(TokenType.fromGgufCode((int) type).orElseThrow());
    }
    return BpeTokenizer.of(new BpeVocabulary(vocabulary.tokens, types, vocabulary.merges, false));
  }

  /** Masks of a grammar that has been used before. */
  @Benchmark
  @OperationsPerInvocation(TOKENS)
  public int seen() {
    return follow(ready);
  }

  /** Masks of a new grammar, making it ready included. */
  @Benchmark
  @OperationsPerInvocation(TOKENS)
  public int unseen() {
    return follow(TokenGrammar.of(source, trie, endTokens));
  }

  /** The number of tokens that could have come, all together. */
  private int follow(TokenGrammar tokens) {
    GrammarMatcher matcher = tokens.matcher();
    int possible = 0;
    for (int token : answer) {
      Arrays.fill(allowed, -1);
      matcher.mask(allowed);
      for (long word : allowed) {
        possible += Long.bitCount(word);
      }
      matcher.accept(token);
    }
    return possible;
  }
}
