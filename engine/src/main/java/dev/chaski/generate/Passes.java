package dev.chaski.generate;

import dev.chaski.model.Activations;
import dev.chaski.model.Batch;
import dev.chaski.model.LlamaModel;
import dev.chaski.model.NonFiniteSearch;
import dev.chaski.sample.UnusableLogitsException;
import java.util.ArrayList;
import java.util.List;

/** Passes of a model, one after the other. */
final class Passes {
  private final LlamaModel model;
  private final Activations activations;
  private final Batch batch = new Batch();
  private final List<Row> rows = new ArrayList<>(); // of the batch

  private record Row(Sequence sequence, int token) {}

  Passes(LlamaModel model) {
    this.model = model;
    this.activations = model.newActivations();
  }

  LlamaModel model() {
    return model;
  }

  /** Begins another pass. */
  void clear() {
    batch.clear();
    rows.clear();
  }

  /** Adds a token to the pass, at the end of a sequence. */
  void add(Sequence sequence, int token, boolean wantLogits) {
    batch.add(sequence.cache(), token, wantLogits);
    rows.add(new Row(sequence, token));
  }

  /** Runs the pass. */
  void run() {
    model.forward(batch, activations);
    rows.forEach(row -> row.sequence.computed(row.token));
  }

  /**
   * Computes what a sequence lacks of a text; the logits that follow it are in row 0 afterwards.
   *
   * @param chunk tokens of a pass
   * @return false if it was cancelled
   */
  boolean read(
      Sequence sequence, int[] text, int chunk, Cancellation cancellation, Progress progress) {
    int from = sequence.length();
    for (int at = from; at < text.length; at += chunk) {
      if (cancellation.isCancelled()) {
        return false;
      }
      int end = Math.min(text.length, at + chunk);
      clear();
      for (int i = at; i < end; i++) {
        add(sequence, text[i], i == text.length - 1);
      }
      run();
      model.await(); // a device may work later: what is told and timed here should have happened
      progress.read(end - from, text.length - from);
    }
    return true;
  }

  /** Hears how far the reading is. */
  interface Progress {
    void read(int done, int total);
  }

  /** The likeliest token after a row of the last pass that wanted logits. */
  int likeliest(int row) {
    return model.likeliest(activations, row);
  }

  /**
   * Copies the logits that follow a token of the last pass.
   *
   * @param row counted among the rows that wanted logits
   * @param position of the token in the sequence
   * @throws UnusableLogitsException if one of them is NaN or infinite; the sequence is empty then
   */
  void readLogits(int row, Sequence sequence, int position, float[] logits) {
    model.readLogits(activations, row, logits);
    int bad = NonFiniteSearch.firstIn(logits);
    if (bad >= 0) {
      throw unusable(logits[bad], bad, sequence, position);
    }
  }

  /** Computes the token once more to find out what is wrong, and forgets everything. */
  private UnusableLogitsException unusable(float logit, int id, Sequence sequence, int position) {
    int token = sequence.token(position);
    sequence.truncate(position);
    String place = new NonFiniteSearch(model).find(sequence.cache(), token);
    sequence.truncate(0);
    return UnusableLogitsException.notFinite(
        logit, "the logit of token %d of %d".formatted(id, model.config().vocabSize()), place);
  }
}
