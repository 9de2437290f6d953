package dev.chaski;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.chaski.generate.GenerationOptions;
import dev.chaski.generate.Pooling;
import dev.chaski.generate.ResponseFormat;
import dev.chaski.sample.SamplingOptions;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** One model, many threads; and what a model does without a conversation. */
class SharedModelTest {
  private static final int THREADS = 8;
  private static final List<String> QUESTIONS =
      List.of("Hello!", "What is the capital of France?", "Count to 5.", "Who are you?");

  private static Chaski chaski;

  @BeforeAll
  static void open() throws IOException {
    chaski = Chaski.open(ProjectFiles.embeddedModel(), Options.defaults().withThreads(2));
  }

  @AfterAll
  static void shut() {
    chaski.close();
  }

  /** All that a thread got. */
  private record Result(List<List<Integer>> answers, List<Float> vector) {}

  /** A conversation of its own for each number, every other one with a shared system message. */
  private static Result work(int number) throws IOException {
    GenerationOptions sampled =
        GenerationOptions.defaults()
            .withSampling(SamplingOptions.builder().temperature(1.2f).seed(number).build())
            .withMaxTokens(12)
            .withResponseFormat(
                number % 3 == 0 ? ResponseFormat.jsonObject() : ResponseFormat.text());
    ChatOptions options =
        ChatOptions.defaults()
            .withGeneration(sampled)
            .withSystem(number % 2 == 0 ? "You are a pirate. Talk like a pirate." : "");
    List<List<Integer>> answers = new ArrayList<>();
    try (ChatSession session = chaski.chat(options)) {
      for (int i = 0; i < QUESTIONS.size(); i++) {
        String question = QUESTIONS.get((number + i) % QUESTIONS.size());
        answers.add(session.send(question).tokens());
      }
    }
    List<Float> vector = new ArrayList<>();
    for (float value : chaski.embed(QUESTIONS.get(number % QUESTIONS.size()), Pooling.MEAN)) {
      vector.add(value);
    }
    return new Result(answers, vector);
  }

  @Test
  void manyThreadsGetWhatOneWouldGet()
      throws IOException, InterruptedException, ExecutionException {
    List<Result> expected = new ArrayList<>();
    for (int i = 0; i < THREADS; i++) {
      expected.add(work(i));
    }
    assertThat(new HashSet<>(expected)).as("different work").hasSizeGreaterThan(4);
    List<Callable<Result>> tasks = new ArrayList<>();
    for (int i = 0; i < THREADS; i++) {
      int number = i;
      tasks.add(() -> work(number));
    }
    try (ExecutorService threads = Executors.newFixedThreadPool(THREADS)) {
      List<Result> results = new ArrayList<>();
      for (Future<Result> done : threads.invokeAll(tasks)) {
        results.add(done.get());
      }
      assertThat(results).isEqualTo(expected);
    }
  }

  private static double cosine(String a, String b, Pooling pooling) throws IOException {
    float[] x = chaski.embed(a, pooling);
    float[] y = chaski.embed(b, pooling);
    double sum = 0;
    for (int i = 0; i < x.length; i++) {
      sum += (double) x[i] * y[i];
    }
    return sum;
  }

  @Test
  void textsHaveVectors() throws IOException {
    for (Pooling pooling : Pooling.values()) {
      assertThat(chaski.embed("Lima", pooling))
          .hasSize(chaski.loaded().model().config().hiddenSize());
      assertThat(cosine("Lima", "Lima", pooling)).isEqualTo(1, within(1e-6));
      String peru = "What is the capital of Peru?";
      assertThat(cosine(peru, "What is the capital of Chile?", pooling))
          .isGreaterThan(cosine(peru, "Write a haiku about the sea.", pooling));
    }
  }

  /** Chunks are summed in the order of the text; kernels for few tokens may round differently. */
  @Test
  void vectorsHardlyDependOnTheBatch() throws IOException {
    float[] whole = chaski.embed("The quick brown fox jumps over the lazy dog.", Pooling.MEAN);
    try (Chaski small =
        Chaski.open(
            ProjectFiles.embeddedModel(),
            Options.defaults().withPrefillBatch(3).withContextLength(20))) {
      assertThat(small.embed("The quick brown fox jumps over the lazy dog.", Pooling.MEAN))
          .usingComparatorWithPrecision(1e-4f)
          .containsExactly(whole);
      assertThatIllegalArgumentException()
          .isThrownBy(() -> small.embed("word ".repeat(100), Pooling.LAST))
          .withMessageContaining("it must have 1 to 20");
    }
    assertThat(Arrays.equals(whole, chaski.embed("Another text.", Pooling.MEAN))).isFalse();
  }

  @Test
  void tokensAreCounted() throws IOException {
    assertThat(chaski.countTokens("")).isZero();
    assertThat(chaski.countTokens("Hello!"))
        .isEqualTo(chaski.tokenizer().encode("Hello!").length)
        .isPositive();
    assertThat(chaski.countTokens("<|eot_id|>")).as("as text").isGreaterThan(1);
  }
}
