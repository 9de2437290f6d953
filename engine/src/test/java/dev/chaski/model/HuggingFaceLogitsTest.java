package dev.chaski.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.chaski.SharedFiles;
import dev.chaski.kernels.Kernels;
import dev.chaski.kernels.KernelsChoice;
import dev.chaski.kernels.KernelsOptions;
import dev.chaski.kernels.TensorType;
import dev.chaski.load.HuggingFaceLoader;
import dev.chaski.load.LoadedModel;
import dev.chaski.tokenizer.SpecialTokens;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Token ids, logits and greedy continuations of tiny Hugging Face checkpoints of every kind against
 * a float64 reference. Tolerances are those of the vectors' README; quantised activations would
 * miss them a thousandfold.
 */
class HuggingFaceLogitsTest {
  private static final double MAX_ABS = 5e-4;
  private static final double KL = 1e-9;
  private static final double CLOSEST = 1e-2;

  static Stream<Arguments> runs() throws IOException {
    Optional<Path> folder = SharedFiles.find("vectors/hf");
    assumeTrue(folder.isPresent(), "skipped: ../shared/vectors/hf is not here");
    List<Arguments> runs = new ArrayList<>();
    for (HuggingFaceGolden golden : HuggingFaceGolden.all(folder.get())) {
      runs.add(Arguments.of(golden, "vector"));
      runs.add(Arguments.of(golden, "scalar"));
    }
    return runs.stream();
  }

  /** The config as early versions of llm-compressor wrote it. */
  @Test
  void legacyConfigIsUnderstood(@TempDir Path folder) throws IOException {
    Path golden = SharedFiles.require("vectors/hf/fp8-ct-channel-dynamic");
    try (Stream<Path> files = Files.list(golden)) {
      for (Path file : files.toList()) {
        Files.write(folder.resolve(file.getFileName()), Files.readAllBytes(file));
      }
    }
    Path legacy = folder.resolve("config-legacy-compression_config.json");
    Files.move(legacy, folder.resolve("config.json"), StandardCopyOption.REPLACE_EXISTING);
    agrees_with_the_float64_reference(HuggingFaceGolden.read(folder), "vector");
  }

  @ParameterizedTest(name = "{0}, {1}")
  @MethodSource("runs")
  void agrees_with_the_float64_reference(HuggingFaceGolden golden, String name) throws IOException {
    try (Kernels kernels = KernelsChoice.named(name).provider().create(new KernelsOptions(2));
        LoadedModel loaded = HuggingFaceLoader.load(golden.folder(), kernels)) {
      LlamaModel model = loaded.model();
      LogitsError error = new LogitsError();
      for (HuggingFaceGolden.Prompt prompt : golden.prompts()) {
        assertThat(loaded.tokenizer().tokenizer().encode(prompt.text(), SpecialTokens.PARSE))
            .isEqualTo(prompt.ids());
        float[][] actual = LogitsRun.logits(model, TensorType.F32, prompt.ids());
        for (int i = 0; i < prompt.positions().length; i++) {
          error.add(prompt.logits()[i], actual[prompt.positions()[i]]);
        }
      }
      String report = error.report(1);
      assertThat(error.maxAbs()).as(report).isLessThan(MAX_ABS);
      assertThat(error.kl()).as(report).isLessThan(KL);
      for (HuggingFaceGolden.Prompt prompt : golden.prompts()) {
        LogitsRun.checkGreedy(
            model, TensorType.F32, prompt.ids(), prompt.greedy(), prompt.greedyMargin(), CLOSEST);
      }
    }
  }
}
