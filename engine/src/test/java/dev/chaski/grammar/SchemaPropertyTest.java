package dev.chaski.grammar;

import static org.assertj.core.api.Assertions.assertThat;

import dev.chaski.sample.Sampler;
import dev.chaski.sample.SamplingOptions;
import dev.chaski.sample.TokenConstraint;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Random schemas and random logits give valid JSON, every time. */
class SchemaPropertyTest {
  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(tools.jackson.databind.DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .build();
  private static final int MAX_TOKENS = 3_000;
  private static final int SCHEMAS = 25;

  private final List<byte[]> tokens =
      Vocabularies.cutFrom(
          new Random(11),
          700,
          "{\"name\": \"a\", \"x y\": [1, -2.5e3, true], \"ab\": null, \"é\": {\"日本\":"
              + " \"2024-02-29\"}}",
          "\"extra\":  \"kids\": [], {}, },\n   \"quo\\\"te\": 0.125, 555-1234 yes no aBc @\\u00e9",
          "T12:30:00Z 123e4567-e89b-12d3 \\\\ \\n 😀😀 語テキスト the quick brown fox 1999");
  private final int end = tokens.size() - 1;
  private final TokenTrie trie = TokenTrie.of(tokens.size(), tokens::get);

  private record Constraint(GrammarMatcher matcher) implements TokenConstraint {
    @Override
    public boolean mask(long[] allowed) {
      matcher.mask(allowed);
      return true;
    }

    @Override
    public void accept(int token) {
      matcher.accept(token);
    }

    @Override
    public void reset() {
      matcher.reset();
    }
  }

  /** A text of random tokens that the grammar allows, or null if it does not come to an end. */
  private String generate(TokenGrammar grammar, Random random, SamplingOptions options) {
    Sampler sampler = Sampler.create(options, new Constraint(grammar.matcher()));
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    float[] logits = new float[tokens.size() + 7]; // rows are wider than the vocabulary
    for (int step = 0; step < MAX_TOKENS; step++) {
      for (int i = 0; i < logits.length; i++) {
        logits[i] = (float) random.nextGaussian() * 4;
      }
      logits[end + 3] = 1_000; // no token at all
      for (char closing : "\"]}".toCharArray()) {
        logits[closing] += step / 8f; // or it would go on for long
      }
      int token = sampler.sample(logits, 0, logits.length);
      sampler.accept(token);
      if (token == end) {
        return text.toString(StandardCharsets.UTF_8);
      }
      text.writeBytes(tokens.get(token));
    }
    return null;
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void randomSchemas(long seed) {
    Random random = new Random(seed);
    int complete = 0;
    int total = 0;
    int refused = 0;
    for (int i = 0; i < SCHEMAS + refused; i++) {
      String schema = RandomSchema.of(random);
      TokenGrammar grammar;
      try {
        grammar = TokenGrammar.of(Grammar.jsonSchema(schema), trie, Set.of(end));
      } catch (GrammarException e) {
        // Two random schemas that shall both hold may have nothing in common.
        assertThat(schema).contains("allOf");
        assertThat(e.getMessage()).containsPattern("no JSON text|is there twice|together with");
        refused++;
        continue;
      }
      SchemaValidator validator = new SchemaValidator(JSON.readTree(schema));
      for (int j = 0; j < 4; j++) {
        SamplingOptions options =
            switch (j) {
              case 0 -> SamplingOptions.greedy();
              case 1 ->
                  SamplingOptions.builder().topK(3).repetitionPenalty(1.3f).seed(seed).build();
              case 2 -> SamplingOptions.builder().topP(0.5f).topK(0).seed(seed).build();
              default ->
                  SamplingOptions.builder().temperature(2).minP(0).topK(0).seed(seed).build();
            };
        String text = generate(grammar, random, options);
        total++;
        if (text != null) {
          complete++;
          JsonNode value = JSON.readTree(text);
          assertThat(validator.isValid(value))
              .as("seed %d, schema %d: %s\ngave %s", seed, i, schema, text)
              .isTrue();
        }
      }
    }
    assertThat(refused).isLessThan(SCHEMAS);
    assertThat(complete).isGreaterThan(total * 9 / 10);
  }

  @Test
  void anyObject() {
    TokenGrammar grammar = TokenGrammar.of(Grammar.jsonObject(), trie, Set.of(end));
    Random random = new Random(5);
    int complete = 0;
    for (int i = 0; i < 60; i++) {
      String text = generate(grammar, random, SamplingOptions.builder().seed(i).build());
      if (text != null) {
        complete++;
        assertThat(JSON.readTree(text).isObject()).as(text).isTrue();
      }
    }
    assertThat(complete).isGreaterThan(50);
  }
}
