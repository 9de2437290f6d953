package dev.chaski.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.chaski.Chaski;
import dev.chaski.Options;
import dev.chaski.ProjectFiles;
import dev.chaski.kernels.TensorType;
import dev.chaski.load.LoadedModel;
import dev.chaski.load.LoadedTokenizer;
import dev.chaski.sample.SamplingOptions;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The largest, the smallest, and what lies beyond them. */
@Timeout(60)
class ExtremesTest {
  private static final int MILLION = 1_000_000;
  private static final int LARGEST_CONTEXT = 131_072;
  private static final int VOCABULARY = 2048;
  private static final SamplingOptions UNFILTERED =
      SamplingOptions.unfiltered().toBuilder().seed(5).build();

  private static Chaski chaski;

  @BeforeAll
  static void open() throws IOException {
    chaski = Chaski.open(ProjectFiles.embeddedModel(), Options.defaults());
  }

  @AfterAll
  static void close() {
    chaski.close();
  }

  private static Generator generator(int context) throws IOException {
    LoadedModel loaded = chaski.loaded();
    LoadedTokenizer tokenizer = loaded.tokenizer();
    return new Generator(
        loaded.model(),
        tokenizer.tokenizer(),
        tokenizer.stops(),
        loaded.model().newCache(TensorType.F16, context),
        64);
  }

  private static List<Integer> generate(int context, SamplingOptions sampling, int... prompt)
      throws IOException {
    try (Generator generator = generator(context)) {
      GenerationOptions options =
          GenerationOptions.defaults()
              .withSampling(sampling)
              .withIgnoreStopTokens(true)
              .withMaxTokens(6);
      return generator.generate(prompt, options, GenerationListener.NONE).tokens();
    }
  }

  @Test
  void aPromptOfAMillionTokensIsRefusedBeforeAnyWork() throws IOException {
    String text = " the".repeat(MILLION);
    int tokens = chaski.tokenizer().countTokens(text);
    assertThat(tokens).isGreaterThanOrEqualTo(MILLION);
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> chaski.complete(text, GenerationOptions.defaults(), GenerationListener.NONE))
        .withMessageContaining("the prompt has " + (tokens + 1) + " tokens, but a context of");
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> generate(LARGEST_CONTEXT, SamplingOptions.greedy(), new int[LARGEST_CONTEXT]))
        .withMessageContaining("131072 tokens, but a context of 131072 positions has room for");
  }

  @Test
  void theLargestContextTakesWhatIsUsed() throws IOException {
    try (Generator generator = generator(LARGEST_CONTEXT)) {
      assertThat(generator.contextLength()).isEqualTo(LARGEST_CONTEXT);
    }
    int[] prompt = {1, 2, 3};
    assertThat(generate(LARGEST_CONTEXT, SamplingOptions.greedy(), prompt))
        .isEqualTo(generate(64, SamplingOptions.greedy(), prompt));
  }

  @Test
  void theEdgesOfTheVocabulary() throws IOException {
    assertThat(generate(64, SamplingOptions.greedy(), 0, VOCABULARY - 1)).hasSize(6);
    for (int id : new int[] {-1, VOCABULARY, Integer.MIN_VALUE, Integer.MAX_VALUE}) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> generate(64, SamplingOptions.greedy(), 1, id))
          .withMessage("token " + id + " is not in the vocabulary of 2048");
    }
  }

  @Test
  void anEmptyText() throws IOException {
    GenerationOptions options = GenerationOptions.defaults().withMaxTokens(2);
    assertThat(chaski.tokenizer().encode("")).isEmpty();
    if (chaski.loaded().tokenizer().bos().isPresent()) {
      assertThat(chaski.complete("", options, GenerationListener.NONE).tokens()).isNotEmpty();
    } else {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> chaski.complete("", options, GenerationListener.NONE))
          .withMessageContaining("the prompt is empty");
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, VOCABULARY - 1, VOCABULARY, VOCABULARY + 1, Integer.MAX_VALUE})
  void topKOfTheWholeVocabularyAndMoreIsNone(int topK) throws IOException {
    assertThat(generate(64, UNFILTERED.toBuilder().topK(topK).build(), 1, 2, 3))
        .isEqualTo(generate(64, UNFILTERED, 1, 2, 3));
  }

  /** All tokens are about as likely at a temperature without bounds; at none, one is certain. */
  @Test
  void extremeTemperatures() throws IOException {
    List<Integer> greedy = generate(64, SamplingOptions.greedy(), 1, 2, 3);
    for (float temperature : new float[] {0, Float.MIN_VALUE, Float.MIN_NORMAL}) {
      assertThat(generate(64, UNFILTERED.toBuilder().temperature(temperature).build(), 1, 2, 3))
          .as("temperature %s", temperature)
          .isEqualTo(greedy);
    }
    SamplingOptions hot = UNFILTERED.toBuilder().temperature(Float.MAX_VALUE).build();
    assertThat(generate(64, hot, 1, 2, 3)).hasSize(6).allMatch(id -> id >= 0 && id < VOCABULARY);
    for (float wrong : new float[] {Float.POSITIVE_INFINITY, Float.NaN, -Float.MIN_VALUE}) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> SamplingOptions.builder().temperature(wrong).build())
          .withMessageContaining("temperature is " + wrong);
    }
    assertThat(Arrays.asList(0f, -0f))
        .allMatch(zero -> SamplingOptions.builder().temperature(zero).build().isGreedy());
  }
}
