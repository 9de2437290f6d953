package dev.chaski.generate;

import dev.chaski.model.LlamaModel;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The decode loop of several answers to one prompt: every pass computes the next token of each, as
 * far as {@link LlamaModel#exactRows} goes, so that each answer gets the logits that it would get
 * alone. The first answer goes on in the prompt's sequence, the others in copies.
 */
final class ParallelDecoding {
  private final Passes passes;
  private final int[] prompt;
  private final List<Branch> branches = new ArrayList<>();
  private final float[] logits; // (vocab)

  /** An answer on its way. */
  private static final class Branch {
    final Answer answer;
    Sequence sequence; // null before it is decoded
    FinishReason reason; // null as long as it goes on
    long endNanos;

    Branch(Answer answer) {
      this.answer = answer;
    }

    boolean hasSequence() {
      return sequence != null;
    }

    boolean goesOn() {
      return reason == null;
    }

    void end(FinishReason newReason) {
      reason = newReason;
      answer.finish(newReason);
      endNanos = System.nanoTime();
    }

    /** Ends it if there is to be no other token, or no room for one. */
    void endIfItMust() {
      Optional<FinishReason> end = answer.reasonToEnd();
      if (end.isPresent()) {
        end(end.get());
      } else if (answer.lastPosition() == sequence.maxLength()) {
        end(FinishReason.CONTEXT_FULL);
      }
    }
  }

  /**
   * Answers without a token yet.
   *
   * @param prompt what all of them answer
   * @param sequence of the first answer
   */
  ParallelDecoding(Passes passes, Sequence sequence, int[] prompt, List<Answer> answers) {
    this.passes = passes;
    this.prompt = prompt;
    this.logits = new float[passes.model().config().vocabSize()];
    answers.forEach(answer -> branches.add(new Branch(answer)));
    branches.getFirst().sequence = sequence;
  }

  /**
   * Takes all to their ends. The first answer's sequence has the whole prompt, whose logits are in
   * row 0 of the last pass.
   */
  void run() {
    List<Branch> others = branches.subList(1, branches.size());
    try {
      for (Branch branch : others) {
        branch.sequence = branches.getFirst().sequence.copy(passes.model(), prompt);
      }
      decode();
    } finally {
      others.stream().filter(Branch::hasSequence).forEach(branch -> branch.sequence.close());
    }
  }

  /** Ends all of them. */
  void cancel() {
    branches.forEach(branch -> branch.end(FinishReason.CANCELLED));
  }

  private void decode() {
    for (Branch branch : branches) {
      branch.endIfItMust();
      if (branch.goesOn()) {
        take(branch, 0);
      }
    }
    for (List<Branch> live = live(); !live.isEmpty(); live = live()) {
      int rows = Math.min(live.size(), passes.model().exactRows());
      for (int from = 0; from < live.size(); from += rows) {
        step(live.subList(from, Math.min(live.size(), from + rows)));
      }
    }
  }

  private List<Branch> live() {
    branches.stream().filter(Branch::goesOn).forEach(Branch::endIfItMust);
    return branches.stream().filter(Branch::goesOn).toList();
  }

  private void step(List<Branch> together) {
    passes.clear();
    for (Branch branch : together) {
      passes.add(branch.sequence, branch.answer.lastToken(), true);
    }
    passes.run();
    for (int row = 0; row < together.size(); row++) {
      take(together.get(row), row);
    }
  }

  private void take(Branch branch, int row) {
    passes.readLogits(row, branch.sequence, branch.answer.lastPosition(), logits);
    branch.answer.take(logits).ifPresent(branch::end);
  }

  /** Why an answer ended. */
  FinishReason reason(int index) {
    return branches.get(index).reason;
  }

  /** When it ended, as {@link System#nanoTime} has it. */
  long endNanos(int index) {
    return branches.get(index).endNanos;
  }
}
