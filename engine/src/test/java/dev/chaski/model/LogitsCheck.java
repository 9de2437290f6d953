package dev.chaski.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.chaski.format.FileAccess;
import dev.chaski.kernels.Kernels;
import dev.chaski.kernels.KernelsChoice;
import dev.chaski.kernels.KernelsOptions;
import dev.chaski.kernels.TensorType;
import dev.chaski.load.GgufLoader;
import dev.chaski.load.LoadedModel;
import dev.chaski.load.WeightsListener;
import java.io.IOException;
import java.io.UncheckedIOException;

/** Compares a model on any kernels with its float64 reference: logits, and greedy continuations. */
final class LogitsCheck {
  private LogitsCheck() {}

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

  /**
   * Fails unless everything is within the limits.
   *
   * @param name of the kernels
   */
  static void check(LogitsGolden golden, TensorType kvType, String name) throws IOException {
    try (Kernels kernels = KernelsChoice.named(name).provider().create(new KernelsOptions(2))) {
      check(golden, kvType, Placement.on(kernels));
    }
  }

  /** As the other one, on kernels that may share the layers. */
  static void check(LogitsGolden golden, TensorType kvType, Placement placement)
      throws IOException {
    Tolerance tolerance = Tolerance.of(kvType);
    try (LoadedModel loaded =
        GgufLoader.load(golden.model(), placement, FileAccess.MAPPED, WeightsListener.NONE)) {
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
