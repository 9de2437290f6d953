package dev.chaski.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.chaski.SharedFiles;
import dev.chaski.kernels.Kernels;
import dev.chaski.kernels.KernelsChoice;
import dev.chaski.kernels.KernelsOptions;
import dev.chaski.kernels.TensorType;
import dev.chaski.load.GgufExporter;
import dev.chaski.load.GgufLoader;
import dev.chaski.load.HuggingFaceLoader;
import dev.chaski.load.LoadedModel;
import dev.chaski.load.LoadedTokenizer;
import dev.chaski.tokenizer.SpecialTokens;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A checkpoint and the GGUF file made of it are the same model. */
class GgufExporterTest {
  /** Where no weight changed: sums of other pairs of values, and rope factors as floats. */
  private static final double SAME = 5e-4;

  @TempDir private Path temporary;

  static Stream<Arguments> runs() throws IOException {
    Optional<Path> folder = SharedFiles.find("vectors/hf");
    assumeTrue(folder.isPresent(), "skipped: ../shared/vectors/hf is not here");
    List<Arguments> runs = new ArrayList<>();
    for (HuggingFaceGolden golden : HuggingFaceGolden.all(folder.get())) {
      boolean fp8 = golden.toString().startsWith("fp8");
      // FP8 times its scale is a float, but rarely a BF16.
      runs.add(Arguments.of(golden, Optional.empty(), fp8 ? 0.5 : SAME));
      runs.add(Arguments.of(golden, Optional.of(TensorType.F32), SAME));
      runs.add(Arguments.of(golden, Optional.of(TensorType.Q8_0), 5));
    }
    return runs.stream();
  }

  @ParameterizedTest(name = "{0} as {1}")
  @MethodSource("runs")
  void isTheSameModel(HuggingFaceGolden golden, Optional<TensorType> type, double tolerance)
      throws IOException {
    Path gguf = temporary.resolve("model.gguf");
    List<String> written = new ArrayList<>();
    GgufExporter.export(golden.folder(), gguf, type, 2, (_, _, name) -> written.add(name));
    try (Kernels kernels = KernelsChoice.named("vector").provider().create(new KernelsOptions(2));
        LoadedModel folder = HuggingFaceLoader.load(golden.folder(), kernels);
        LoadedModel file = GgufLoader.load(gguf, kernels)) {
      assertThat(written).hasSize(file.info().total().tensors()).doesNotHaveDuplicates();
      assertThat(file.info().name()).isEqualTo(folder.info().name());
      assertThat(file.chatTemplates()).isEqualTo(folder.chatTemplates()).isNotEmpty();
      assertThat(file.defaultSampling()).isEqualTo(folder.defaultSampling());
      checkTokenizer(golden, folder.tokenizer(), file.tokenizer());
      LogitsError error = new LogitsError();
      for (HuggingFaceGolden.Prompt prompt : golden.prompts()) {
        float[][] expected = LogitsRun.logits(folder.model(), TensorType.F32, prompt.ids());
        float[][] actual = LogitsRun.logits(file.model(), TensorType.F32, prompt.ids());
        for (int i = 0; i < expected.length; i++) {
          error.add(expected[i], actual[i]);
        }
      }
      System.out.println("RESULT " + golden + " " + type + error.report(1) + file.info().types());
      assertThat(error.maxAbs()).as(error.report(1)).isLessThan(tolerance);
    }
  }

  private static void checkTokenizer(
      HuggingFaceGolden golden, LoadedTokenizer expected, LoadedTokenizer actual) {
    assertThat(actual.bos()).isEqualTo(expected.bos());
    assertThat(actual.stops()).isEqualTo(expected.stops()).isNotEmpty();
    for (HuggingFaceGolden.Prompt prompt : golden.prompts()) {
      assertThat(actual.tokenizer().encode(prompt.text(), SpecialTokens.PARSE))
          .isEqualTo(prompt.ids());
    }
  }
}
