package dev.chaski.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.chaski.ProjectFiles;
import dev.chaski.chat.ChatEncoder;
import dev.chaski.chat.ChatTemplate;
import dev.chaski.chat.Message;
import dev.chaski.chat.TemplateOptions;
import dev.chaski.kernels.Kernels;
import dev.chaski.kernels.KernelsChoice;
import dev.chaski.kernels.KernelsOptions;
import dev.chaski.kernels.TensorType;
import dev.chaski.load.GgufLoader;
import dev.chaski.load.LoadedModel;
import dev.chaski.load.LoadedTokenizer;
import dev.chaski.sample.SamplingOptions;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Generation with the embedded model, on a question whose answer is certain. */
class GeneratorTest {
  private static final String ANSWER = "The capital of France is Paris.";
  private static final List<Integer> ANSWER_IDS =
      List.of(318, 345, 302, 1284, 332, 283, 443, 286, 259, 13, 2036);
  private static final int CONTEXT = 128;

  private static Kernels kernels;
  private static LoadedModel loaded;
  private static ChatEncoder encoder;
  private static int[] question; // 18 ids

  private Generator generator;

  @BeforeAll
  static void load() throws IOException {
    kernels = KernelsChoice.best().provider().create(new KernelsOptions(2));
    loaded = GgufLoader.load(ProjectFiles.embeddedModel(), kernels);
    LoadedTokenizer tokenizer = loaded.tokenizer();
    encoder =
        new ChatEncoder(
            tokenizer.tokenizer(),
            tokenizer.bos(),
            ChatTemplate.guess(tokenizer.tokenizer()).orElseThrow(),
            TemplateOptions.defaults());
    question = encoder.encode(List.of(Message.user("What is the capital of France?")));
  }

  @AfterAll
  static void unload() {
    loaded.close();
    kernels.close();
  }

  @BeforeEach
  void create() throws IOException {
    generator = generator(CONTEXT);
  }

  @AfterEach
  void close() {
    generator.close();
  }

  /** With a prefill of 4 tokens at a time. */
  private static Generator generator(int context) throws IOException {
    LoadedTokenizer tokenizer = loaded.tokenizer();
    return new Generator(
        loaded.model(),
        tokenizer.tokenizer(),
        tokenizer.stops(),
        loaded.model().newCache(TensorType.F16, context),
        4);
  }

  private static GenerationOptions greedy() {
    return GenerationOptions.defaults().withSampling(SamplingOptions.greedy());
  }

  private Generation generate(GenerationOptions options) {
    return generator.generate(question, options, GenerationListener.NONE);
  }

  private void assertStillAnswers() {
    Generation answer = generate(greedy());
    assertThat(answer.text()).isEqualTo(ANSWER);
    assertThat(answer.tokens()).isEqualTo(ANSWER_IDS);
  }

  @Test
  void theModelEndsItsAnswer() {
    Recorder recorder = new Recorder();
    Generation answer = generator.generate(question, greedy(), recorder);
    assertThat(answer.finishReason()).isEqualTo(FinishReason.STOP_TOKEN);
    assertThat(answer.text()).isEqualTo(ANSWER);
    assertThat(answer.tokens()).isEqualTo(ANSWER_IDS);
    assertThat(String.join("", recorder.pieces)).isEqualTo(ANSWER);
    assertThat(recorder.pieces).as("as it goes").hasSizeGreaterThan(5);
    assertThat(recorder.prefills).containsExactly("4/18", "8/18", "12/18", "16/18", "18/18");
  }

  @Test
  void theEndOfTheAnswerCanBeIgnored() {
    Generation answer = generate(greedy().withIgnoreStopTokens(true).withMaxTokens(15));
    assertThat(answer.finishReason()).isEqualTo(FinishReason.MAX_TOKENS);
    assertThat(answer.tokens()).hasSize(15).startsWith(ANSWER_IDS.toArray(Integer[]::new));
    assertThat(answer.text()).startsWith(ANSWER).doesNotContain("<|");
  }

  @Test
  void noMoreThanTheLimit() {
    for (int limit = 0; limit <= ANSWER_IDS.size(); limit++) {
      Generation answer = generate(greedy().withMaxTokens(limit));
      assertThat(answer.tokens()).isEqualTo(ANSWER_IDS.subList(0, limit));
      assertThat(answer.finishReason())
          .isEqualTo(limit < ANSWER_IDS.size() ? FinishReason.MAX_TOKENS : FinishReason.STOP_TOKEN);
      assertThat(ANSWER).startsWith(answer.text());
      assertThat(answer.text().isEmpty()).isEqualTo(limit == 0);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 8, 20})
  void aStopStringEndsTheAnswerAcrossTokens(int length) {
    for (int at = 0; at + length <= ANSWER.length(); at += 3) {
      String stop = ANSWER.substring(at, at + length);
      Recorder recorder = new Recorder();
      Generation answer =
          generator.generate(question, greedy().withStopStrings(List.of("never", stop)), recorder);
      assertThat(answer.finishReason()).as(stop).isEqualTo(FinishReason.STOP_STRING);
      assertThat(answer.text()).isEqualTo(ANSWER.substring(0, ANSWER.indexOf(stop)));
      assertThat(String.join("", recorder.pieces)).isEqualTo(answer.text());
    }
  }

  @Test
  void textHeldBackForAStopStringComesAtTheEnd() {
    assertThat(generate(greedy().withStopStrings(List.of("Paris. And"))).text()).isEqualTo(ANSWER);
  }

  @Test
  void theContextFillsUp() throws IOException {
    int context = question.length + 4;
    try (Generator small = generator(context)) {
      Generation answer = small.generate(question, greedy(), GenerationListener.NONE);
      assertThat(answer.finishReason()).isEqualTo(FinishReason.CONTEXT_FULL);
      // The last token needs no position: nothing follows it.
      assertThat(answer.tokens()).isEqualTo(ANSWER_IDS.subList(0, 5));
      assertThat(small.contextUsed()).isEqualTo(context);
      assertThat(
              small
                  .generate(question, greedy().withMaxTokens(5), GenerationListener.NONE)
                  .finishReason())
          .isEqualTo(FinishReason.MAX_TOKENS);
    }
  }

  @Test
  void aPromptLeavesRoomForAnAnswer() throws IOException {
    try (Generator small = generator(question.length)) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> small.generate(question, greedy(), GenerationListener.NONE))
          .withMessage(
              "the prompt has 18 tokens, but a context of 18 positions has room for 17 and an"
                  + " answer; shorten it or use a larger context");
      assertThat(small.contextUsed()).isZero();
    }
    try (Generator small = generator(question.length + 1)) {
      assertThat(small.generate(question, greedy(), GenerationListener.NONE).tokens())
          .isEqualTo(ANSWER_IDS.subList(0, 2));
    }
  }

  @Test
  void aPromptThatCannotBeChangesNothing() {
    generate(greedy());
    int used = generator.contextUsed();
    int[] strange = question.clone();
    strange[3] = 2048;
    assertThatIllegalArgumentException()
        .isThrownBy(() -> generator.generate(strange, greedy(), GenerationListener.NONE))
        .withMessage("token 2048 is not in the vocabulary of 2048");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> generator.generate(new int[0], greedy(), GenerationListener.NONE))
        .withMessage("the prompt is empty; give at least one token");
    assertThat(generator.contextUsed()).isEqualTo(used);
    assertStillAnswers();
  }

  @Test
  void onlyWhatIsNewIsComputed() {
    Generation first = generate(greedy());
    assertThat(first.statistics().promptTokens()).isEqualTo(18);
    assertThat(first.statistics().cachedTokens()).isZero();
    assertThat(first.statistics().generatedTokens()).isEqualTo(11);
    // The stop token was not computed.
    assertThat(generator.contextUsed()).isEqualTo(18 + 10);

    Recorder again = new Recorder();
    Generation second = generator.generate(question, greedy(), again);
    assertThat(second.statistics().cachedTokens()).as("all but the last").isEqualTo(17);
    assertThat(again.prefills).containsExactly("1/1");
    assertThat(second.tokens()).isEqualTo(first.tokens());

    int[] longer =
        IntStream.concat(Arrays.stream(question), ANSWER_IDS.stream().mapToInt(Integer::intValue))
            .toArray();
    Recorder rest = new Recorder();
    Generation third = generator.generate(longer, greedy().withMaxTokens(0), rest);
    assertThat(third.statistics().promptTokens()).isEqualTo(29);
    assertThat(third.statistics().cachedTokens()).isEqualTo(28);
    assertThat(rest.prefills).containsExactly("1/1");

    int[] other = question.clone();
    other[10] = 5;
    Generation fourth = generator.generate(other, greedy().withMaxTokens(0), new Recorder());
    assertThat(fourth.statistics().cachedTokens()).isEqualTo(10);
    assertThat(generator.contextUsed()).isEqualTo(18);

    generator.reset();
    assertThat(generator.contextUsed()).isZero();
    assertThat(generate(greedy()).statistics().cachedTokens()).isZero();
  }

  @Test
  void statisticsTellTheTime() {
    GenerationStatistics statistics = generate(greedy()).statistics();
    assertThat(statistics.promptTime()).isPositive();
    assertThat(statistics.generationTime()).isPositive();
    double seconds = statistics.promptTime().toNanos() * 1e-9;
    assertThat(statistics.promptTokensPerSecond()).isEqualTo(18 / seconds);
    seconds = statistics.generationTime().toNanos() * 1e-9;
    assertThat(statistics.generatedTokensPerSecond()).isEqualTo(10 / seconds);
  }

  @Test
  void aListenerThatThrowsEndsOnlyItsGeneration() {
    GenerationListener broken =
        _ -> {
          throw new UnsupportedOperationException("no more text");
        };
    assertThatThrownBy(() -> generator.generate(question, greedy(), broken))
        .isInstanceOf(UnsupportedOperationException.class);
    assertStillAnswers();
    GenerationListener impatient =
        new GenerationListener() {
          @Override
          public void onText(String piece) {}

          @Override
          public void onPrefill(int done, int total) {
            throw new UnsupportedOperationException("no more reading");
          }
        };
    generator.reset();
    assertThatThrownBy(() -> generator.generate(question, greedy(), impatient))
        .isInstanceOf(UnsupportedOperationException.class);
    assertThat(generator.contextUsed()).as("what was read is kept").isEqualTo(4);
    assertStillAnswers();
  }

  @Test
  void aListenerCannotGenerateInBetween() {
    List<String> refusals = new ArrayList<>();
    Generation answer =
        generator.generate(
            question,
            greedy(),
            _ -> {
              refusals.add(refusal(this::assertStillAnswers));
              refusals.add(refusal(generator::reset));
              refusals.add(refusal(generator::close));
            });
    assertThat(answer.text()).isEqualTo(ANSWER);
    assertThat(refusals)
        .isNotEmpty()
        .containsOnly(
            "a generation is running; a generator makes one at a time, use one for each thread");
  }

  private static String refusal(Runnable action) {
    try {
      action.run();
      return "done";
    } catch (IllegalStateException e) {
      return e.getMessage();
    }
  }

  @Test
  void aClosedGeneratorSaysSo() throws IOException {
    Generator closed = generator(CONTEXT);
    closed.close();
    closed.close();
    assertThatIllegalStateException()
        .isThrownBy(() -> closed.generate(question, greedy(), GenerationListener.NONE));
  }

  @Test
  void closingFromTwoThreadsAtOnceIsHarmless() throws Exception {
    CyclicBarrier together = new CyclicBarrier(2);
    try (ExecutorService other = Executors.newSingleThreadExecutor()) {
      for (int i = 0; i < 100; i++) {
        Generator closed = generator(CONTEXT);
        Future<?> theirs =
            other.submit(() -> {
              together.await();
              closed.close();
              return null;
            });
        together.await();
        closed.close();
        theirs.get();
      }
    }
  }

  @Test
  void theSameSeedGivesTheSameText() {
    List<List<Integer>> texts = new ArrayList<>();
    for (int seed = 1; seed <= 3; seed++) {
      GenerationOptions options =
          GenerationOptions.defaults()
              .withSampling(
                  SamplingOptions.unfiltered().toBuilder().temperature(5).seed(seed).build())
              .withIgnoreStopTokens(true)
              .withMaxTokens(20);
      texts.add(generate(options).tokens());
      assertThat(generate(options).tokens()).isEqualTo(texts.getLast());
    }
    assertThat(texts).doesNotHaveDuplicates();
  }

  @Test
  void impossibleOptionsAreRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> greedy().withMaxTokens(-2))
        .withMessage("maxTokens is -2, it must be 0 or more, or -1 for no limit");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> greedy().withStopStrings(List.of("a", "")))
        .withMessage("a stop string is empty; leave it out");
    assertThatThrownBy(() -> greedy().withCancellation(null))
        .isInstanceOf(NullPointerException.class)
        .hasMessage("cancellation");
    assertThatThrownBy(() -> greedy().withSampling(null))
        .isInstanceOf(NullPointerException.class)
        .hasMessage("sampling");
    assertThatIllegalArgumentException()
        .isThrownBy(() ->
            new Generator(
                loaded.model(),
                loaded.tokenizer().tokenizer(),
                loaded.tokenizer().stops(),
                loaded.model().newCache(TensorType.F16, 8),
                0))
        .withMessage("prefillBatch is 0, at least 1");
  }
}
