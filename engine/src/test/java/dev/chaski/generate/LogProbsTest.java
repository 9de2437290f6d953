package dev.chaski.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.chaski.kernels.TensorType;
import dev.chaski.model.Activations;
import dev.chaski.model.Batch;
import dev.chaski.model.KvCache;
import dev.chaski.sample.SamplingOptions;
import dev.chaski.sample.TokenLogProb;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Log-probabilities of an answer, against those of the model's logits. */
class LogProbsTest {
  private static final int TOP = 5;

  private static Cria cria;

  @BeforeAll
  static void load() throws IOException {
    cria = Cria.open("vector");
  }

  @AfterAll
  static void unload() {
    cria.close();
  }

  /** The logits that each token of an answer was chosen from, computed as a generator does. */
  private static List<float[]> logits(int[] prompt, List<Integer> answer) {
    List<float[]> rows = new ArrayList<>();
    Activations a = cria.model().newActivations();
    Batch batch = new Batch();
    try (KvCache cache = cria.model().newCache(TensorType.F16, 200)) {
      for (int from = 0; from < prompt.length; from += Cria.PREFILL) {
        batch.clear();
        for (int i = from; i < Math.min(prompt.length, from + Cria.PREFILL); i++) {
          batch.add(cache, prompt[i], i == prompt.length - 1);
        }
        cria.model().forward(batch, a);
      }
      for (int token : answer) {
        float[] row = new float[cria.model().config().vocabSize()];
        cria.model().readLogits(a, 0, row);
        rows.add(row);
        batch.clear();
        batch.add(cache, token, true);
        cria.model().forward(batch, a);
      }
    }
    return rows;
  }

  /** The logarithm of the softmax, as its formula says; Cria's logits do not overflow it. */
  private static double logProb(float[] logits, int token) {
    double sum = 0;
    for (float logit : logits) {
      sum += Math.exp(logit);
    }
    return Math.log(Math.exp(logits[token]) / sum);
  }

  private static void assertRight(int[] prompt, Generation answer) {
    List<float[]> logits = logits(prompt, answer.tokens());
    assertThat(answer.logProbs()).hasSameSizeAs(answer.tokens()).isNotEmpty();
    for (int i = 0; i < logits.size(); i++) {
      float[] row = logits.get(i);
      TokenLogProbs told = answer.logProbs().get(i);
      assertThat(told.chosen().id()).isEqualTo(answer.tokens().get(i));
      assertThat(told.chosen().logProb()).isCloseTo(logProb(row, told.chosen().id()), within(1e-8));
      List<Integer> likeliest =
          IntStream.range(0, row.length)
              .boxed()
              .sorted(Comparator.comparingDouble((Integer token) -> -row[token]))
              .limit(TOP)
              .toList();
      assertThat(told.top()).extracting(TokenLogProb::id).isEqualTo(likeliest);
      for (TokenLogProb token : told.top()) {
        assertThat(token.logProb()).isCloseTo(logProb(row, token.id()), within(1e-8));
      }
    }
  }

  @Test
  void areThoseOfTheRawLogits() throws IOException {
    int[] prompt = cria.prompt("Write a haiku about the sea.");
    SamplingOptions bent =
        SamplingOptions.builder()
            .temperature(2)
            .topK(0)
            .minP(0)
            .repetitionPenalty(1.5f)
            .seed(5)
            .build();
    GenerationOptions options = Cria.greedy().withLogProbs(TOP);
    try (Generator generator = cria.generator(200)) {
      assertRight(prompt, generator.generate(prompt, options, GenerationListener.NONE));
      generator.reset();
      assertRight(
          prompt, generator.generate(prompt, options.withSampling(bent), GenerationListener.NONE));
      generator.reset();
      Generation formatted =
          generator.generate(
              prompt,
              options.withResponseFormat(ResponseFormat.jsonObject()),
              GenerationListener.NONE);
      assertRight(prompt, formatted);
      assertThat(formatted.logProbs().getFirst().top())
          .as("what may not come is among the likeliest all the same")
          .extracting(TokenLogProb::id)
          .doesNotContain(formatted.tokens().getFirst());
    }
  }

  /** Before the text of the token, which may come later or not at all. */
  @Test
  void areToldAsTheyCome() throws IOException {
    int[] prompt = cria.prompt("What is the capital of France?");
    List<String> heard = new ArrayList<>();
    GenerationListener listener =
        new GenerationListener() {
          @Override
          public void onText(String piece) {
            heard.add(piece);
          }

          @Override
          public void onToken(TokenLogProbs token) {
            heard.add("#" + token.chosen().id() + "/" + token.top().size());
          }
        };
    try (Generator generator = cria.generator(200)) {
      Generation answer = generator.generate(prompt, Cria.greedy().withLogProbs(0), listener);
      assertThat(heard).startsWith("#318/0", "The").endsWith(".", "#2036/0");
      assertThat(heard.stream().filter(it -> it.startsWith("#"))).hasSameSizeAs(answer.tokens());
      heard.clear();
      assertThat(generator.generate(prompt, Cria.greedy(), listener).logProbs()).isEmpty();
      assertThat(heard).isNotEmpty().noneMatch(it -> it.startsWith("#"));
    }
  }

  @Test
  void aNegativeNumberIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Cria.greedy().withLogProbs(-1))
        .withMessage("logProbs is -1, it must be 0 or more, or empty for none");
  }
}
