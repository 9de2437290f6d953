package dev.chaski.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.chaski.sample.SamplingOptions;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Several answers to one prompt are those that would come one by one. */
class SeveralAnswersTest {
  private static final int CONTEXT = 200;

  private static Cria cria;

  @BeforeAll
  static void load() throws IOException {
    cria = Cria.open("scalar");
  }

  @AfterAll
  static void unload() {
    cria.close();
  }

  private static List<Generation> several(
      Generator generator, int[] prompt, int count, GenerationOptions options) {
    return generator.generateSeveral(prompt, 0, count, options, _ -> GenerationListener.NONE);
  }

  private static void assertAsOneByOne(
      Cria model, int context, int[] prompt, int count, GenerationOptions options)
      throws IOException {
    try (Generator generator = model.generator(context);
        Generator alone = model.generator(context)) {
      List<Generation> answers = several(generator, prompt, count, options);
      assertThat(answers).hasSize(count);
      for (int i = 0; i < count; i++) {
        SamplingOptions sampling = options.sampling().ofAnswer(i);
        Generation expected =
            alone.generate(prompt, options.withSampling(sampling), GenerationListener.NONE);
        assertThat(answers.get(i).tokens())
            .as("answer %d of %d", i, count)
            .isEqualTo(expected.tokens());
        assertThat(answers.get(i).text()).isEqualTo(expected.text());
        assertThat(answers.get(i).logProbs()).isEqualTo(expected.logProbs());
        assertThat(answers.get(i).finishReason()).isEqualTo(expected.finishReason());
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"scalar, 1", "scalar, 3", "scalar, 7"})
  void eachIsTheAnswerOfItsSeed(String kernels, int count) throws IOException {
    try (Cria model = Cria.open(kernels)) {
      for (String question : List.of("Tell me a story.", "Write a haiku about the sea.")) {
        assertAsOneByOne(model, CONTEXT, model.prompt(question), count, Cria.sampled(count));
      }
    }
  }

  /** They end at different times, each for its own reason. */
  @Test
  void endsAreThoseOfSingleAnswers() throws IOException {
    int[] prompt = cria.prompt("Tell me a story.");
    for (int limit : new int[] {0, 1, 5}) {
      assertAsOneByOne(cria, CONTEXT, prompt, 3, Cria.sampled(1).withMaxTokens(limit));
    }
    assertAsOneByOne(cria, prompt.length + 1, prompt, 2, Cria.sampled(1));
    assertAsOneByOne(
        cria, prompt.length + 12, prompt, 8, Cria.sampled(2).withStopStrings(List.of("e")));
    assertAsOneByOne(
        cria, CONTEXT, prompt, 4, Cria.sampled(4).withResponseFormat(ResponseFormat.jsonObject()));
  }

  @Test
  void thePromptIsReadOnce() throws IOException {
    int[] prompt = cria.prompt("Tell me a story.");
    List<Recorder> recorders = IntStream.range(0, 3).mapToObj(_ -> new Recorder()).toList();
    try (Generator generator = cria.generator(CONTEXT)) {
      List<Generation> answers =
          generator.generateSeveral(prompt, 0, 3, Cria.sampled(7), recorders::get);
      assertThat(recorders)
          .allSatisfy(recorder ->
              assertThat(recorder.prefills)
                  .hasSize(Math.ceilDiv(prompt.length, Cria.PREFILL))
                  .endsWith(prompt.length + "/" + prompt.length));
      for (int i = 0; i < 3; i++) {
        assertThat(String.join("", recorders.get(i).pieces)).isEqualTo(answers.get(i).text());
      }
      assertThat(answers).extracting(Generation::text).doesNotHaveDuplicates();
      assertThat(generator.contextUsed())
          .as("the prompt, and the first answer but for its last token")
          .isEqualTo(prompt.length + answers.getFirst().tokens().size() - 1);
      assertThat(
              generator
                  .generate(prompt, Cria.greedy(), GenerationListener.NONE)
                  .statistics()
                  .cachedTokens())
          .isEqualTo(prompt.length - 1);
    }
  }

  @Test
  void withoutASeedOneIsPicked() throws IOException {
    GenerationOptions options =
        Cria.sampled(0)
            .withSampling(SamplingOptions.unfiltered().toBuilder().temperature(5).build())
            .withIgnoreStopTokens(true)
            .withMaxTokens(20);
    int[] prompt = cria.prompt("Tell me a story.");
    try (Generator generator = cria.generator(CONTEXT)) {
      List<Generation> answers = new ArrayList<>(several(generator, prompt, 2, options));
      answers.addAll(several(generator, prompt, 2, options));
      assertThat(answers).extracting(Generation::text).doesNotHaveDuplicates();
    }
  }

  @Test
  void areCancelledAndFailTogether() throws IOException {
    int[] prompt = cria.prompt("Tell me a story.");
    try (Generator generator = cria.generator(CONTEXT)) {
      Cancellation early = new Cancellation();
      early.cancel();
      List<Generation> none =
          several(generator, prompt, 3, Cria.sampled(1).withCancellation(early));
      assertThat(none).hasSize(3).allMatch(it -> it.tokens().isEmpty());
      assertThat(none).extracting(Generation::finishReason).containsOnly(FinishReason.CANCELLED);

      Cancellation later = new Cancellation();
      List<Generation> cut =
          generator.generateSeveral(
              prompt,
              0,
              3,
              Cria.sampled(1).withCancellation(later),
              i ->
                  _ -> {
                    if (i == 1) {
                      later.cancel();
                    }
                  });
      assertThat(cut).extracting(Generation::finishReason).containsOnly(FinishReason.CANCELLED);

      assertThatThrownBy(() ->
              generator.generateSeveral(
                  prompt,
                  0,
                  3,
                  Cria.sampled(1),
                  _ ->
                      _ -> {
                        throw new UnsupportedOperationException("enough");
                      }))
          .hasMessage("enough");
      assertThatIllegalArgumentException()
          .isThrownBy(() -> several(generator, prompt, 0, Cria.greedy()))
          .withMessage("0 answers are not possible, ask for at least 1");
      assertAsOneByOne(cria, CONTEXT, prompt, 2, Cria.sampled(1));
    }
  }
}
