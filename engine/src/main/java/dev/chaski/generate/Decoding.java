package dev.chaski.generate;

import dev.chaski.tokenizer.TokenBuffer;
import java.util.Arrays;
import java.util.Optional;

/**
 * The decode loop of one answer: a token, its pass, the next token. A drafter may put guesses
 * behind the token into its pass; as long as the answer goes on as guessed, its logits are there
 * already. At the end the sequence is as it would be without guesses.
 */
final class Decoding {
  private final Passes passes;
  private final Sequence sequence;
  private final Answer answer;
  private final Drafter drafter; // null for no guesses
  private final int maxDraft;
  private final TokenBuffer text = new TokenBuffer(); // prompt and answer so far
  private final float[] logits; // (vocab)
  private int firstPosition; // of the tokens whose logits the last pass left, the first
  private int draftLength; // as long as guesses are good
  private int guesses; // of the last pass
  private int acceptedBefore; // the last pass
  private int drafted;
  private int accepted;

  /**
   * Goes on from a prompt whose logits are in row 0 of the last pass.
   *
   * @param maxDraft guesses in a pass at most, if there is a drafter
   */
  Decoding(
      Passes passes,
      Sequence sequence,
      int[] prompt,
      Answer answer,
      Drafter drafter,
      int maxDraft) {
    this.passes = passes;
    this.sequence = sequence;
    this.answer = answer;
    this.drafter = drafter;
    this.maxDraft = maxDraft;
    this.draftLength = maxDraft;
    this.logits = new float[passes.model().config().vocabSize()];
    this.firstPosition = prompt.length - 1;
    text.addAll(prompt);
  }

  /** Tokens that were guessed. */
  int drafted() {
    return drafted;
  }

  /** How many of them the answer went on with. */
  int accepted() {
    return accepted;
  }

  FinishReason run(Cancellation cancellation) {
    try {
      while (true) {
        Optional<FinishReason> end = answer.reasonToEnd();
        if (end.isPresent()) {
          return end.get();
        }
        int position = answer.lastPosition();
        if (position == sequence.maxLength()) {
          return FinishReason.CONTEXT_FULL;
        }
        compute(position, cancellation);
        passes.readLogits(position - firstPosition, sequence, position, logits);
        end = answer.take(logits);
        text.add(answer.lastToken());
        if (end.isPresent()) {
          return end.get();
        }
      }
    } finally {
      int needed = answer.size() == 0 ? answer.lastPosition() + 1 : answer.lastPosition();
      sequence.truncate(Math.min(sequence.length(), needed));
    }
  }

  /** Makes the logits that follow the last token be there. */
  private void compute(int position, Cancellation cancellation) {
    if (answer.size() == 0) {
      return;
    }
    int token = answer.lastToken();
    if (position < sequence.length()) {
      if (sequence.token(position) == token) {
        accepted++;
        return;
      }
      sequence.truncate(position);
    }
    int[] draft = draft(position, cancellation);
    guesses = draft.length;
    drafted += guesses;
    acceptedBefore = accepted;
    passes.clear();
    passes.add(sequence, token, true);
    for (int guess : draft) {
      passes.add(sequence, guess, true);
    }
    passes.run();
    firstPosition = position;
  }

  /** Wrong guesses cost time: after some, the next draft is shorter; after right ones, longer. */
  private void adaptLength() {
    int right = accepted - acceptedBefore;
    if (right < guesses) {
      draftLength = Math.max(1, right == 0 ? draftLength / 2 : draftLength - 1);
    } else if (guesses > 0) {
      draftLength = Math.min(maxDraft, draftLength + 1);
    }
  }

  /**
   * Guesses that may be of use: none behind a token that ends the answer, nor beyond its limits.
   */
  private int[] draft(int position, Cancellation cancellation) {
    if (drafter == null) {
      return new int[0];
    }
    adaptLength();
    int max = Math.min(draftLength, sequence.maxLength() - position - 1);
    if (answer.remaining() >= 0) {
      max = Math.min(max, answer.remaining() - 1);
    }
    if (max < 1) {
      return new int[0];
    }
    int[] draft = drafter.draft(text, max, cancellation);
    int useful = 0;
    while (useful < draft.length && !answer.endsAnswer(draft[useful])) {
      useful++;
    }
    return Arrays.copyOf(draft, useful);
  }
}
