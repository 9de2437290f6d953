package dev.chaski.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.chaski.Chaski;
import dev.chaski.Options;
import dev.chaski.generate.Generation;
import dev.chaski.generate.GenerationListener;
import dev.chaski.generate.GenerationOptions;
import dev.chaski.kernels.TensorType;
import dev.chaski.sample.SamplingOptions;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RandomModelTest {
  @TempDir Path folder;

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "F8_E4M3")
  void a_random_model_opens_and_generates(TensorType type) throws IOException {
    Path file = folder.resolve("random.gguf");
    RandomModel.write(ModelShape.TINY, type, file);
    try (Chaski chaski = Chaski.open(file, Options.defaults())) {
      GenerationOptions options =
          GenerationOptions.defaults()
              .withSampling(SamplingOptions.greedy())
              .withIgnoreStopTokens(true)
              .withMaxTokens(5);
      Generation answer = chaski.complete("some text", options, GenerationListener.NONE);
      assertThat(answer.tokens()).hasSize(5);
    }
  }
}
