package dev.chaski.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.chaski.SharedFiles;
import dev.chaski.kernels.Kernels;
import dev.chaski.kernels.KernelsChoice;
import dev.chaski.kernels.KernelsOptions;
import dev.chaski.kernels.TensorType;
import dev.chaski.load.GgufLoader;
import dev.chaski.load.LoadedModel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Logits and greedy continuations against a float64 reference, for every reference model whose
 * tensor types we read. Tolerances are those of the vectors' README, relative to the logits' RMS.
 */
class LogitsGoldenTest {
  /** These also with the plain kernels and a half precision cache, which are slow or all alike. */
  private static final Set<String> THOROUGH =
      Set.of("stories260K-F32", "stories260K-BF16", "stories260K-pad192-Q8_0");

  /**
   * Limits on (max abs, rms) relative to R, on KL, and the margin above which greedy must agree.
   */
  private record Tolerance(double maxAbs, double rms, double kl, double greedyMargin) {
    static Tolerance of(TensorType kvType) {
      return kvType == TensorType.F32
          ? new Tolerance(3e-5, 5e-6, 1e-10, 1e-4)
          : new Tolerance(1.5e-2, 2e-3, 1e-5, 3e-2);
    }
  }

  static Stream<Arguments> runs() throws IOException {
    Optional<Path> folder = SharedFiles.find("vectors/logits");
    assumeTrue(folder.isPresent(), "skipped: ../shared/vectors/logits is not here");
    List<Arguments> runs = new ArrayList<>();
    for (LogitsGolden golden : LogitsGolden.all(folder.get())) {
      runs.add(Arguments.of(golden, TensorType.F32, "vector"));
      if (THOROUGH.contains(golden.name())) {
        runs.add(Arguments.of(golden, TensorType.F32, "scalar"));
        runs.add(Arguments.of(golden, TensorType.F16, "vector"));
      }
    }
    return runs.stream();
  }

  @ParameterizedTest(name = "{0}, {1} cache, {2}")
  @MethodSource("runs")
  void agrees_with_the_float64_reference(LogitsGolden golden, TensorType kvType, String name)
      throws IOException {
    Tolerance tolerance = Tolerance.of(kvType);
    try (Kernels kernels = KernelsChoice.named(name).provider().create(new KernelsOptions(2));
        LoadedModel loaded = GgufLoader.load(golden.model(), kernels)) {
      LlamaModel model = loaded.model();
      LogitsError error = new LogitsError();
      for (LogitsGolden.Prompt prompt : golden.prompts()) {
        float[][] actual = LogitsRun.logits(model, kvType, prompt.ids());
        for (int i = 0; i < prompt.positions().length; i++) {
          error.add(prompt.ref64()[i], actual[prompt.positions()[i]]);
        }
      }
      double r = golden.logitRms();
      String report = error.report(r);
      assertThat(error.maxAbs() / r).as(report).isLessThan(tolerance.maxAbs());
      assertThat(error.rms() / r).as(report).isLessThan(tolerance.rms());
      assertThat(error.kl()).as(report).isLessThan(tolerance.kl());
      for (LogitsGolden.Prompt prompt : golden.prompts()) {
        LogitsRun.checkGreedy(
            model,
            kvType,
            prompt.ids(),
            prompt.greedy(),
            prompt.greedyMargin(),
            tolerance.greedyMargin() * r);
      }
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }
}
