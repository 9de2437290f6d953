package dev.chaski.load;

import dev.chaski.kernels.TensorType;
import dev.chaski.model.Activations;
import dev.chaski.model.Batch;
import dev.chaski.model.KvCache;
import dev.chaski.model.LlamaModel;

/** Runs a model once, to see that it was put together. */
final class ForwardPass {
  private ForwardPass() {}

  /** The logits after the last id. */
  static float[] lastLogits(LlamaModel model, int... ids) {
    Activations a = model.newActivations();
    try (KvCache cache = model.newCache(TensorType.F32, ids.length)) {
      Batch batch = new Batch();
      for (int i = 0; i < ids.length; i++) {
        batch.add(cache, ids[i], i == ids.length - 1);
      }
      model.forward(batch, a);
      float[] logits = new float[model.config().vocabSize()];
      model.readLogits(a, 0, logits);
      return logits;
    }
  }
}
