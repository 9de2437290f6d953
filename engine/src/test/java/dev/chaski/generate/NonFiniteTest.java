package dev.chaski.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.chaski.format.FileAccess;
import dev.chaski.kernels.Kernels;
import dev.chaski.kernels.KernelsChoice;
import dev.chaski.kernels.KernelsOptions;
import dev.chaski.kernels.TensorType;
import dev.chaski.load.GgufLoader;
import dev.chaski.load.LlamaGguf;
import dev.chaski.load.LlamaShape;
import dev.chaski.load.LoadedModel;
import dev.chaski.load.TinyVocabulary;
import dev.chaski.load.WeightsListener;
import dev.chaski.measure.Perplexity;
import dev.chaski.model.KvCache;
import dev.chaski.model.NonFiniteSearch;
import dev.chaski.model.Placement;
import dev.chaski.sample.SamplingOptions;
import dev.chaski.sample.UnusableLogitsException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Weights that are no numbers, and numbers that grow too large: the answer ends, with the place.
 */
class NonFiniteTest {
  private static final int HIDDEN = 32;
  private static final int LAYERS = 5;
  private static final LlamaShape SHAPE =
      new LlamaShape(
          "deep",
          HIDDEN,
          48,
          LAYERS,
          4,
          2,
          8,
          TinyVocabulary.SIZE,
          false,
          LlamaShape.Rope.NONE,
          TensorType.F32);

  @TempDir Path folder;

  private static LlamaGguf with(String tensor, int rows, int columns, int at, float value) {
    float[] values = new float[rows * columns];
    Random random = new Random(3);
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (random.nextGaussian() / Math.sqrt(columns));
    }
    values[at] = value;
    return new LlamaGguf(SHAPE, 1)
        .tensor(tensor, TensorType.F32, List.of((long) columns, (long) rows), values);
  }

  private void assertFails(LlamaGguf model, String kernelsName, String... parts)
      throws IOException {
    Path file = model.writeTo(folder.resolve("model.gguf"));
    try (Kernels kernels =
            KernelsChoice.named(kernelsName).provider().create(new KernelsOptions(2));
        LoadedModel loaded = GgufLoader.load(file, kernels);
        Generator generator =
            new Generator(
                loaded.model(),
                loaded.tokenizer().tokenizer(),
                loaded.tokenizer().stops(),
                loaded.model().newCache(TensorType.F16, 16),
                2)) {
      GenerationOptions options =
          GenerationOptions.defaults().withSampling(SamplingOptions.greedy()).withMaxTokens(3);
      assertThatExceptionOfType(UnusableLogitsException.class)
          .isThrownBy(
              () -> generator.generate(new int[] {1, 2, 3}, options, GenerationListener.NONE))
          .withMessageContainingAll(parts)
          .withMessageContaining("check the model file");
      assertThat(generator.contextUsed()).as("what was computed is forgotten").isZero();
    }
  }

  @ParameterizedTest
  @CsvSource({"vector, 0", "vector, 2", "vector, 4", "scalar, 3"})
  void aDamagedWeightIsNamed(String kernels, int layer) throws IOException {
    String tensor = "blk." + layer + ".ffn_down.weight";
    assertFails(
        with(tensor, HIDDEN, 48, 48 * 7 + 5, Float.NaN),
        kernels,
        "layer " + layer + " of 5",
        "its weight wDown holds NaN or infinity in row 7");
  }

  /** The first two layers and the embedding on other kernels than the rest. */
  @ParameterizedTest
  @CsvSource({
    "0, blk.0.ffn_down.weight, layer 0 of 5: its weight wDown",
    "1, blk.1.ffn_down.weight, layer 1 of 5: its weight wDown",
    "2, blk.2.ffn_down.weight, layer 2 of 5: its weight wDown",
    "4, blk.4.ffn_down.weight, layer 4 of 5: its weight wDown"
  })
  void aDamagedWeightIsNamedOnBothSidesOfABorder(int layer, String tensor, String place)
      throws IOException {
    Path file =
        with(tensor, HIDDEN, 48, 48 * 7 + 5, Float.NaN).writeTo(folder.resolve("model.gguf"));
    try (Kernels lower = KernelsChoice.named("scalar").provider().create(new KernelsOptions(1));
        Kernels upper = KernelsChoice.named("vector").provider().create(new KernelsOptions(1));
        LoadedModel loaded =
            GgufLoader.load(
                file, Placement.split(lower, upper, 3), FileAccess.MAPPED, WeightsListener.NONE);
        KvCache cache = loaded.model().newCache(TensorType.F16, 16)) {
      assertThat(new NonFiniteSearch(loaded.model()).find(cache, 3))
          .as("layer %d", layer)
          .startsWith(place);
      assertThat(cache.length()).isZero();
    }
  }

  @Test
  void anInfiniteWeightIsNamed() throws IOException {
    assertFails(
        with("blk.1.attn_v.weight", 16, HIDDEN, 0, Float.POSITIVE_INFINITY),
        "vector",
        "layer 1 of 5",
        "its weight wv holds NaN or infinity in row 0");
  }

  @Test
  void soIsTheOutput() throws IOException {
    assertFails(
        with("output.weight", TinyVocabulary.SIZE, HIDDEN, 100 * HIDDEN, Float.NEGATIVE_INFINITY),
        "vector",
        "for the logit of token 100 of 259",
        "the output: its weight output holds NaN or infinity in row 100");
  }

  @Test
  void theEmbeddingOfATokenIsNamed() throws IOException {
    assertFails(
        with("token_embd.weight", TinyVocabulary.SIZE, HIDDEN, 3 * HIDDEN, Float.NaN),
        "vector",
        "the embedding of token 3");
  }

  /** All weights are numbers, but what comes of them is not. */
  @Test
  void anOverflowIsPlaced() throws IOException {
    float[] huge = new float[48 * HIDDEN];
    for (int i = 0; i < huge.length; i++) {
      huge[i] = i / HIDDEN % 2 == 0 ? 1e30f : -1e30f; // so that some rows are positive
    }
    assertFails(
        new LlamaGguf(SHAPE, 1)
            .tensor("blk.3.ffn_gate.weight", TensorType.F32, List.of((long) HIDDEN, 48L), huge)
            .tensor("blk.3.ffn_up.weight", TensorType.F32, List.of((long) HIDDEN, 48L), huge),
        "vector",
        "layer 3 of 5: its weights are finite, its results are not");
  }

  /** Others that use what a model computes look at it, too, whichever row of a batch it is. */
  @ParameterizedTest
  @EnumSource(Pooling.class)
  void aVectorOfATextIsNotMadeOfNaN(Pooling pooling) throws IOException {
    Path file =
        with("blk.3.ffn_down.weight", HIDDEN, 48, 48 * 7 + 5, Float.NaN)
            .writeTo(folder.resolve("model.gguf"));
    try (Kernels kernels = KernelsChoice.named("vector").provider().create(new KernelsOptions(1));
        LoadedModel loaded = GgufLoader.load(file, kernels);
        KvCache cache = loaded.model().newCache(TensorType.F16, 16)) {
      assertThatExceptionOfType(UnusableLogitsException.class)
          .isThrownBy(() ->
              new Embedder(loaded.model(), 2).embed(new int[] {1, 2, 3, 4, 5}, pooling, cache))
          .withMessageContaining(
              "the state of token " + (pooling == Pooling.MEAN ? "0 of the text, 1" : "4 of the"))
          .withMessageContaining(
              "layer 3 of 5: its weight wDown holds NaN or infinity in row 7; check the model"
                  + " file");
    }
  }

  /** Only the embedding of one token is bad: the rows before it are numbers. */
  @Test
  void perplexityNamesTheTokenAndTheLayer() throws IOException {
    Path file =
        with("token_embd.weight", TinyVocabulary.SIZE, HIDDEN, 9 * HIDDEN, Float.NaN)
            .writeTo(folder.resolve("model.gguf"));
    try (Kernels kernels = KernelsChoice.named("vector").provider().create(new KernelsOptions(1));
        LoadedModel loaded = GgufLoader.load(file, kernels)) {
      Perplexity perplexity =
          new Perplexity(loaded.model(), TensorType.F16, 8, 4, OptionalInt.empty());
      int[] text = {1, 2, 3, 4, 5, 6, 7, 8, 1, 2, 3, 4, 5, 6, 9, 8};
      assertThatExceptionOfType(UnusableLogitsException.class)
          .isThrownBy(() -> perplexity.measure(text, 2, _ -> {}))
          .withMessageContaining("behind token 14 of the text")
          .withMessageContaining("first in the embedding of token 9; check the model file");
    }
  }

  @Test
  void findsTheFirstInARow() {
    assertThat(NonFiniteSearch.firstIn(new float[0])).isEqualTo(-1);
    float[] values = {0, -0f, Float.MAX_VALUE, -Float.MAX_VALUE, Float.MIN_VALUE};
    assertThat(NonFiniteSearch.firstIn(values)).isEqualTo(-1);
    for (float bad : new float[] {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY}) {
      float[] row = new float[1000];
      row[999] = bad;
      assertThat(NonFiniteSearch.firstIn(row)).isEqualTo(999);
      row[7] = bad;
      assertThat(NonFiniteSearch.firstIn(row)).isEqualTo(7);
    }
  }
}
