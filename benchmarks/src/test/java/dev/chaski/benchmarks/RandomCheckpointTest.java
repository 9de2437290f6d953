package dev.chaski.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.chaski.Chaski;
import dev.chaski.ChatListener;
import dev.chaski.ChatOptions;
import dev.chaski.ChatSession;
import dev.chaski.Options;
import dev.chaski.benchmarks.RandomCheckpoint.Form;
import dev.chaski.generate.GenerationOptions;
import dev.chaski.kernels.TensorType;
import dev.chaski.load.LoadedModel;
import dev.chaski.model.Activations;
import dev.chaski.model.Batch;
import dev.chaski.model.KvCache;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RandomCheckpointTest {
  private static final String INDEX = "model.safetensors.index.json";

  @TempDir private Path folder;

  @ParameterizedTest
  @EnumSource
  void loadsAndComputesFiniteLogits(Form form) throws IOException {
    RandomModel.main(new String[] {"tiny", form.name(), folder.toString()});

    assertThat(folder.resolve(INDEX)).doesNotExist();
    try (Chaski chaski = Chaski.open(folder, Options.defaults().withThreads(1))) {
      LoadedModel loaded = chaski.loaded();
      TensorType type =
          form.name().startsWith("FP8") ? TensorType.F8_E4M3 : TensorType.valueOf(form.name());
      assertThat(loaded.info().types()).containsKey(type);
      assertThat(loaded.info().types().get(type).tensors()).isGreaterThanOrEqualTo(14);
      float[] logits = logits(loaded);
      double squares = 0;
      for (float logit : logits) {
        squares += logit * logit;
      }
      // Normed values times weights of deviation 0.02: sqrt(256) * 0.02 on the average.
      assertThat(Math.sqrt(squares / logits.length)).isBetween(0.2, 0.5);
      assertThat(chaski.defaultSampling().temperature()).isEqualTo(0.6f);
      try (ChatSession chat =
          chaski.chat(
              ChatOptions.defaults()
                  .withGeneration(GenerationOptions.defaults().withMaxTokens(3)))) {
        assertThat(chat.send("Hello", ChatListener.NONE).tokens()).hasSizeBetween(1, 3);
      }
    }
  }

  private static float[] logits(LoadedModel loaded) {
    int vocabSize = loaded.model().config().vocabSize();
    Activations activations = loaded.model().newActivations();
    float[] logits = new float[vocabSize];
    try (KvCache cache = loaded.model().newCache(TensorType.F16, 16)) {
      Batch batch = new Batch();
      batch.add(cache, 7, false);
      batch.add(cache, 300, true);
      loaded.model().forward(batch, activations);
      loaded.model().kernels().read(activations.logits(), 0, logits, 0);
    }
    return logits;
  }

  @Test
  void largeModelsAreSeveralFiles() throws IOException {
    RandomCheckpoint.write(ModelShape.TINY, Form.FP8_BLOCK, folder, 1_000_000);

    assertThat(folder.resolve(INDEX)).isRegularFile();
    assertThat(folder.resolve("model-00001-of-00003.safetensors")).isRegularFile();
    try (Chaski chaski = Chaski.open(folder, Options.defaults().withThreads(1))) {
      assertThat(chaski.loaded().info().files()).hasSize(3);
      assertThat(logits(chaski.loaded())).doesNotContain(Float.NaN);
    }
    try (var files = Files.list(folder)) {
      assertThat(files).hasSize(8);
    }
  }
}
