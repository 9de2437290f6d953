package dev.chaski.kernels.tornado;

import static org.assertj.core.api.Assertions.assertThat;

import dev.chaski.SharedFiles;
import dev.chaski.kernels.KernelsOptions;
import dev.chaski.kernels.TensorType;
import dev.chaski.kernels.tornado.program.Recorder;
import dev.chaski.load.GgufLoader;
import dev.chaski.load.LoadedModel;
import dev.chaski.model.Activations;
import dev.chaski.model.Batch;
import dev.chaski.model.KvCache;
import dev.chaski.model.LlamaModel;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What a token costs besides arithmetic. */
class TornadoPassTest {
  private static final int WARM = 6;
  private static final int TOKENS = 80; // beyond a block of the cache

  @BeforeAll
  static void needsADevice() {
    TornadoDeviceHere.assume();
  }

  @Test
  void aPassIsReplayedWhateverThePosition() throws IOException {
    Path file = SharedFiles.require("vectors/models/stories260K-pad192-Q8_0.gguf");
    try (TornadoKernels kernels =
            (TornadoKernels) new TornadoProvider().create(new KernelsOptions(1));
        LoadedModel loaded = GgufLoader.load(file, kernels)) {
      LlamaModel model = loaded.model();
      Recorder.Counts counts = kernels.counts();
      Activations a = model.newActivations();
      try (KvCache cache = model.newCache(TensorType.F16, TOKENS)) {
        int token = 1;
        for (int i = 0; i < WARM; i++) {
          token = next(model, cache, a, token);
        }
        long compiled = counts.compiled();
        long launches = counts.launches();
        long executions = counts.executions();
        long up = counts.bytesUp();
        long down = counts.bytesDown();
        for (int i = WARM; i < TOKENS; i++) {
          token = next(model, cache, a, token);
        }
        int passes = TOKENS - WARM;
        String report =
            "%d layers, per token: %.1f launches, %.1f executions, %.0f bytes up, %.0f bytes down"
                .formatted(
                    model.config().numLayers(),
                    (counts.launches() - launches) / (double) passes,
                    (counts.executions() - executions) / (double) passes,
                    (counts.bytesUp() - up) / (double) passes,
                    (counts.bytesDown() - down) / (double) passes);
        System.getLogger(TornadoPassTest.class.getName()).log(System.Logger.Level.INFO, report);
        assertThat(counts.compiled()).as("kernels recorded").isEqualTo(compiled);
        // Embedding and angles, each layer, output, largest value; a cache may move once.
        int segments = model.config().numLayers() + 3;
        assertThat(counts.executions() - executions)
            .as(report)
            .isBetween((long) passes * segments, (long) passes * (segments + 1));
        // Id, position and the cache's place, in a few integers for each segment; a launch's
        // numbers
        // with the largest value, and once more when a cache moves.
        assertThat(counts.bytesUp() - up)
            .as(report)
            .isBetween(0L, passes * (64L * (segments - 1) + 128) + 16 * 1024);
        assertThat(counts.bytesDown() - down).as(report).isEqualTo(16L * passes);
      }
    }
  }

  private static int next(LlamaModel model, KvCache cache, Activations a, int token) {
    Batch batch = new Batch();
    batch.add(cache, token, true);
    model.forward(batch, a);
    return model.kernels().argmax(a.logits(), 0);
  }
}
