package dev.chaski.generate;

import dev.chaski.model.KvCache;
import dev.chaski.model.LlamaModel;
import dev.chaski.tokenizer.TokenBuffer;
import java.util.Arrays;

/** Guesses what a smaller model holds likeliest. */
final class ModelDrafter implements Drafter {
  private final Passes passes;
  private final Sequence sequence;
  private final int vocabSize; // of both models
  private final int chunk;

  /**
   * A drafter with an empty sequence.
   *
   * @param target the sequence that it guesses for
   * @param vocabSize ids that the model it guesses for can have
   * @param chunk tokens of a pass at most
   */
  ModelDrafter(LlamaModel model, KvCache target, int vocabSize, int chunk) {
    this.passes = new Passes(model);
    int positions = Math.min(target.maxLength(), model.config().contextLength());
    this.sequence = new Sequence(model.newCacheLike(target, positions));
    this.vocabSize = Math.min(vocabSize, model.config().vocabSize());
    this.chunk = chunk;
  }

  @Override
  public int[] draft(TokenBuffer text, int max, Cancellation cancellation) {
    int count = Math.min(max, sequence.maxLength() - text.size() + 1); // the last needs no position
    int[] ids = text.toArray();
    if (count < 1 || !Arrays.stream(ids).allMatch(id -> id < vocabSize)) {
      return new int[0];
    }
    sequence.restore(ids);
    if (!passes.read(sequence, ids, chunk, cancellation, (_, _) -> {})) {
      return new int[0];
    }
    int[] draft = new int[count];
    for (int i = 0; i < count; i++) {
      draft[i] = passes.likeliest(0);
      if (draft[i] >= vocabSize) {
        return Arrays.copyOf(draft, i);
      }
      if (i < count - 1) {
        passes.clear();
        passes.add(sequence, draft[i], true);
        passes.run();
      }
    }
    return draft;
  }

  @Override
  public void close() {
    sequence.close();
  }
}
