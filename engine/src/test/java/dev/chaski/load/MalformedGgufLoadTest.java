package dev.chaski.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.chaski.SharedFiles;
import dev.chaski.format.ModelFormatException;
import dev.chaski.generate.FinishReason;
import dev.chaski.generate.Generation;
import dev.chaski.generate.GenerationListener;
import dev.chaski.generate.GenerationOptions;
import dev.chaski.generate.Generator;
import dev.chaski.gguf.MalformedGgufContract;
import dev.chaski.kernels.Kernels;
import dev.chaski.kernels.KernelsChoice;
import dev.chaski.kernels.KernelsOptions;
import dev.chaski.kernels.TensorType;
import dev.chaski.sample.SamplingOptions;
import dev.chaski.sample.UnusableLogitsException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Hostile files all the way: what can be loaded is run, too. */
class MalformedGgufLoadTest extends MalformedGgufContract {
  private static final int NEW_TOKENS = 3;

  /** What is timed are the files, not the loading of our classes. */
  @BeforeAll
  static void warmUp(@TempDir Path folder) throws IOException {
    Path file = new LlamaGguf(LlamaShape.plain(), 1).writeTo(folder.resolve("model.gguf"));
    new MalformedGgufLoadTest().open(file);
  }

  @Override
  protected Set<String> stages() {
    return Set.of("header", "metadata", "tensor-info", "data", "config", "tokenizer");
  }

  @Override
  protected void open(Path file) throws IOException {
    try (Kernels kernels = scalar();
        LoadedModel loaded = GgufLoader.load(file, kernels)) {
      loaded.chatTemplate();
      LoadedTokenizer tokenizer = loaded.tokenizer();
      assertThat(tokenizer.tokenizer().encode("a b")).isNotEmpty();
      assertThat(tokenizer.stops()).allMatch(id -> id < tokenizer.tokenizer().vocabSize());
      run(loaded, file);
    }
  }

  /** An answer of numbers, or the refusal to make one of what are no numbers. */
  private static void run(LoadedModel loaded, Path file) throws IOException {
    int[] prompt = {0, 1, 2};
    boolean usable = isUsable(ForwardPass.lastLogits(loaded.model(), prompt));
    try {
      Generation answer = generate(loaded, prompt);
      assertThat(usable).as("text was made of NaN").isTrue();
      assertThat(answer.finishReason()).isEqualTo(FinishReason.MAX_TOKENS);
      assertThat(answer.tokens()).hasSize(NEW_TOKENS);
    } catch (UnusableLogitsException e) {
      throw new ModelFormatException(file, ModelFormatException.UNKNOWN_OFFSET, e.getMessage(), e);
    }
  }

  private static Kernels scalar() {
    return KernelsChoice.named("scalar").provider().create(new KernelsOptions(1));
  }

  private static boolean isUsable(float[] logits) {
    return IntStream.range(0, logits.length).noneMatch(i -> Float.isNaN(logits[i]));
  }

  private static Generation generate(LoadedModel loaded, int[] prompt) throws IOException {
    LoadedTokenizer tokenizer = loaded.tokenizer();
    try (Generator generator =
        new Generator(
            loaded.model(),
            tokenizer.tokenizer(),
            tokenizer.stops(),
            loaded.model().newCache(TensorType.F16, 16),
            8)) {
      GenerationOptions options =
          GenerationOptions.defaults()
              .withSampling(SamplingOptions.greedy())
              .withIgnoreStopTokens(true)
              .withMaxTokens(NEW_TOKENS);
      return generator.generate(prompt, options, GenerationListener.NONE);
    }
  }

  /** Weights that are no numbers must not come out as text, whatever else may be done with them. */
  @ParameterizedTest
  @ValueSource(strings = {"scale-nan", "scale-inf", "norm-huge"})
  void nonsenseIsSaidToBeNonsense(String name) throws IOException {
    Path file = SharedFiles.require("vectors/malformed/gguf/" + name + ".gguf");
    try (Kernels kernels = scalar();
        LoadedModel loaded = GgufLoader.load(file, kernels)) {
      assertThatExceptionOfType(UnusableLogitsException.class)
          .isThrownBy(() -> generate(loaded, new int[] {0, 1, 2}))
          .withMessageContaining("NaN")
          .withMessageContaining("check the model file");
    }
  }
}
