package dev.chaski.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.chaski.ProjectFiles;
import dev.chaski.generate.Speculation;
import dev.chaski.kernels.Kernels;
import dev.chaski.kernels.KernelsChoice;
import dev.chaski.kernels.KernelsOptions;
import dev.chaski.kernels.TensorType;
import dev.chaski.load.GgufLoader;
import dev.chaski.load.LoadedModel;
import java.io.IOException;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A few tokens of one pass get the logits that each would get in a pass of its own, bit for bit:
 * what makes speculation and several answers at once give the text of plain decoding.
 */
class SmallBatchTest {
  private static final int PREFIX = 20;

  /** A draft, and the token before it. */
  private static final int LONGEST = Speculation.MAX_TOKENS + 1;

  @ParameterizedTest
  @ValueSource(strings = {"scalar", "vector"})
  void logitsOfSeveralPositionsAreThoseOfSingleSteps(String name) throws IOException {
    try (Kernels kernels = KernelsChoice.named(name).provider().create(new KernelsOptions(2));
        LoadedModel loaded = GgufLoader.load(ProjectFiles.embeddedModel(), kernels)) {
      LlamaModel model = loaded.model();
      assertThat(model.exactRows()).isGreaterThanOrEqualTo(LONGEST);
      int[] ids = new Random(1).ints(40, 0, model.config().vocabSize()).toArray();
      float[][] single = logits(model, ids, 1);
      for (int rows = 2; rows <= LONGEST; rows++) {
        float[][] together = logits(model, ids, rows);
        for (int i = PREFIX; i < ids.length; i++) {
          assertThat(together[i]).as("token %d of %d at a time", i, rows).isEqualTo(single[i]);
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"scalar", "vector"})
  void logitsOfSeveralSequencesAreThoseOfSingleSteps(String name) throws IOException {
    try (Kernels kernels = KernelsChoice.named(name).provider().create(new KernelsOptions(2));
        LoadedModel loaded = GgufLoader.load(ProjectFiles.embeddedModel(), kernels)) {
      LlamaModel model = loaded.model();
      Activations a = model.newActivations();
      Batch batch = new Batch();
      float[][] expected = new float[LONGEST][];
      KvCache[] caches = new KvCache[LONGEST];
      for (int i = 0; i < caches.length; i++) {
        int[] ids = new Random(i).ints(10 + i, 0, model.config().vocabSize()).toArray();
        expected[i] = logits(model, ids, 1)[ids.length - 1];
        caches[i] = model.newCache(TensorType.F16, 64);
        for (int at = 0; at < ids.length - 1; at++) {
          batch.clear();
          batch.add(caches[i], ids[at], false);
          model.forward(batch, a);
        }
      }
      batch.clear();
      for (int i = 0; i < caches.length; i++) {
        int[] ids = new Random(i).ints(10 + i, 0, model.config().vocabSize()).toArray();
        batch.add(caches[i], ids[ids.length - 1], true);
      }
      model.forward(batch, a);
      float[] row = new float[model.config().vocabSize()];
      for (int i = 0; i < caches.length; i++) {
        model.readLogits(a, i, row);
        assertThat(row).as("sequence %d", i).isEqualTo(expected[i]);
        caches[i].close();
      }
    }
  }

  /** Logits after each token; the first {@link #PREFIX} alone, the rest so many at a time. */
  private static float[][] logits(LlamaModel model, int[] ids, int atOnce) {
    Activations a = model.newActivations();
    Batch batch = new Batch();
    float[][] rows = new float[ids.length][model.config().vocabSize()];
    try (KvCache cache = model.newCache(TensorType.F16, 64)) {
      for (int from = 0; from < ids.length; ) {
        int to = Math.min(ids.length, from + (from < PREFIX ? 1 : atOnce));
        batch.clear();
        for (int i = from; i < to; i++) {
          batch.add(cache, ids[i], true);
        }
        model.forward(batch, a);
        for (int i = from; i < to; i++) {
          model.readLogits(a, i - from, rows[i]);
        }
        from = to;
      }
    }
    return rows;
  }
}
