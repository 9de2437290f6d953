package dev.chaski.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.chaski.Chaski;
import dev.chaski.Options;
import dev.chaski.ProjectFiles;
import dev.chaski.kernels.TensorType;
import dev.chaski.measure.Perplexity.Estimate;
import dev.chaski.model.Activations;
import dev.chaski.model.Batch;
import dev.chaski.model.KvCache;
import dev.chaski.model.LlamaModel;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Against a computation of its own: token by token, log-softmax in double, written out. */
class PerplexityTest {
  private static final String TEXT =
      """
      The capital of Peru is Lima. It lies on the coast of the Pacific Ocean, and about ten million
      people live there. What is the largest planet? Jupiter is the largest planet of our solar
      system. Water boils at 100 degrees Celsius at sea level, and 7 times 8 is 56.\
      """;

  private static Chaski chaski;
  private static LlamaModel model;
  private static int[] ids;

  @BeforeAll
  static void open() throws IOException {
    chaski = Chaski.open(ProjectFiles.embeddedModel(), Options.defaults());
    model = chaski.loaded().model();
    ids = chaski.tokenizer().encode(TEXT);
  }

  @AfterAll
  static void close() {
    chaski.close();
  }

  @ParameterizedTest
  @CsvSource({
    "16, 512, 1", // one pass for each half
    "16,   3, 1", // many
    "21,   4, 1", // an odd context: the middle token is not scored
    "16, 512, -1" // no token begins a text
  })
  void agreesWithLogSoftmaxInDouble(int context, int batch, int bos) {
    OptionalInt begin = bos < 0 ? OptionalInt.empty() : OptionalInt.of(bos);
    List<Estimate> heard = new ArrayList<>();
    Estimate estimate =
        new Perplexity(model, TensorType.F32, context, batch, begin)
            .measure(ids, Integer.MAX_VALUE, heard::add);

    List<Double> losses = losses(context, begin);
    double mean = losses.stream().mapToDouble(x -> x).average().orElseThrow();
    double variance =
        losses.stream().mapToDouble(x -> (x - mean) * (x - mean)).average().orElseThrow();
    assertThat(ids.length % context).as("tokens left over").isPositive();
    assertThat(estimate.chunks()).isEqualTo(ids.length / context).isGreaterThan(2);
    assertThat(estimate.scored()).isEqualTo(losses.size());
    assertThat(estimate.perplexity()).isCloseTo(Math.exp(mean), within(1e-4 * Math.exp(mean)));
    assertThat(estimate.error())
        .isCloseTo(
            Math.exp(mean) * Math.sqrt(variance / (losses.size() - 1)),
            within(1e-4 * Math.exp(mean)));
    assertThat(heard).hasSize(estimate.chunks()).endsWith(estimate);
  }

  @Test
  void fewerChunksAreTheFirstOnes() {
    List<Estimate> heard = new ArrayList<>();
    Perplexity perplexity = new Perplexity(model, TensorType.F16, 16, 512, OptionalInt.empty());
    perplexity.measure(ids, Integer.MAX_VALUE, heard::add);

    assertThat(perplexity.measure(ids, 2, _ -> {})).isEqualTo(heard.get(1));
  }

  @Test
  void aShortTextIsRefused() {
    Perplexity perplexity = new Perplexity(model, TensorType.F16, 100, 512, OptionalInt.empty());

    assertThatThrownBy(() -> perplexity.measure(new int[199], 1, _ -> {}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("the text has 199 tokens, it needs 200 for two chunks of 100");
  }

  /** Negative log-likelihoods of what llama-perplexity scores. */
  private static List<Double> losses(int context, OptionalInt bos) {
    List<Double> losses = new ArrayList<>();
    float[] logits = new float[model.config().vocabSize()];
    Activations activations = model.newActivations();
    for (int start = 0; start + context <= ids.length; start += context) {
      try (KvCache cache = model.newCache(TensorType.F32, context)) {
        for (int i = 0; i < context - 1; i++) {
          Batch batch = new Batch();
          batch.add(cache, i == 0 ? bos.orElse(ids[start]) : ids[start + i], true);
          model.forward(batch, activations);
          if (i >= context / 2) {
            model.readLogits(activations, 0, logits);
            losses.add(-logSoftmax(logits, ids[start + i + 1]));
          }
        }
      }
    }
    return losses;
  }

  private static double logSoftmax(float[] logits, int token) {
    double sum = 0;
    for (float logit : logits) {
      sum += Math.exp((double) logit - logits[token]);
    }
    return -Math.log(sum);
  }
}
