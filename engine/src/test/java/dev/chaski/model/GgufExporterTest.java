package dev.chaski.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.chaski.SharedFiles;
import dev.chaski.convert.FileType;
import dev.chaski.convert.GgufExporter;
import dev.chaski.kernels.Kernels;
import dev.chaski.kernels.KernelsChoice;
import dev.chaski.kernels.KernelsOptions;
import dev.chaski.kernels.TensorType;
import dev.chaski.kernels.parallel.WorkerPool;
import dev.chaski.load.GgufLoader;
import dev.chaski.load.HuggingFaceLoader;
import dev.chaski.load.HuggingFaceModel;
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
  /** Mean divergence where no weight changed: only sums of other pairs and float rope factors. */
  private static final double SAME = 1e-10;

  /** Weights rounded to 8 bits of mantissa. */
  private static final double BF16 = 1e-3;

  /** Weights rounded to 8 bits in blocks. */
  private static final double Q8_0 = 2e-2;

  @TempDir private Path temporary;

  static Stream<Arguments> runs() throws IOException {
    Optional<Path> folder = SharedFiles.find("vectors/hf");
    assumeTrue(folder.isPresent(), "skipped: ../shared/vectors/hf is not here");
    List<Arguments> runs = new ArrayList<>();
    for (HuggingFaceGolden golden : HuggingFaceGolden.all(folder.get())) {
      boolean fp8 = golden.toString().startsWith("fp8");
      // FP8 times its scale is a float, but rarely a BF16.
      runs.add(Arguments.of(golden, Optional.empty(), fp8 ? BF16 : SAME));
      runs.add(Arguments.of(golden, Optional.of(FileType.F32), SAME));
      runs.add(Arguments.of(golden, Optional.of(FileType.Q8_0), Q8_0));
    }
    return runs.stream();
  }

  @ParameterizedTest(name = "{0} as {1}")
  @MethodSource("runs")
  void isTheSameModel(HuggingFaceGolden golden, Optional<FileType> type, double kl)
      throws IOException {
    Path gguf = temporary.resolve("model.gguf");
    try (HuggingFaceModel source = HuggingFaceModel.open(golden.folder());
        WorkerPool pool = new WorkerPool(2)) {
      new GgufExporter(pool).write(source, type, gguf, (_, _, _) -> {});
    }
    try (Kernels kernels = KernelsChoice.named("vector").provider().create(new KernelsOptions(2));
        LoadedModel folder = HuggingFaceLoader.load(golden.folder(), kernels);
        LoadedModel file = GgufLoader.load(gguf, kernels)) {
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
      assertThat(error.kl()).as(error.report(1)).isLessThan(kl);
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
