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
  private static final int POSITIONS = 2048;

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
        float[][] actual = logits(model, kvType, prompt.ids());
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
        checkGreedy(model, kvType, prompt, tolerance.greedyMargin() * r);
      }
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  /** Logits after every token, in one pass. */
  private static float[][] logits(LlamaModel model, TensorType kvType, int[] ids) {
    Activations a = model.newActivations();
    try (KvCache cache = model.newCache(kvType, POSITIONS)) {
      Batch batch = new Batch();
      for (int id : ids) {
        batch.add(cache, id, true);
      }
      model.forward(batch, a);
      float[][] rows = new float[ids.length][model.config().vocabSize()];
      for (int i = 0; i < ids.length; i++) {
        model.kernels().read(a.logits(), i, rows[i], 0);
      }
      return rows;
    }
  }

  private static void checkGreedy(
      LlamaModel model, TensorType kvType, LogitsGolden.Prompt prompt, double margin) {
    Activations a = model.newActivations();
    try (KvCache cache = model.newCache(kvType, POSITIONS)) {
      Batch batch = new Batch();
      for (int id : prompt.ids()) {
        batch.add(cache, id, id == prompt.ids()[prompt.ids().length - 1]);
      }
      for (int step = 0; step < prompt.greedy().length; step++) {
        model.forward(batch, a);
        if (prompt.greedyMargin()[step] < margin) {
          return; // too close to call; what follows would be another text
        }
        int token = model.kernels().argmax(a.logits(), batch.outputs() - 1);
        assertThat(token).as("greedy token %d", step).isEqualTo(prompt.greedy()[step]);
        batch.clear();
        batch.add(cache, token, true);
      }
    }
  }
}
