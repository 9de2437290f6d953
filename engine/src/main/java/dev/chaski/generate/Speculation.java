package dev.chaski.generate;

import dev.chaski.model.LlamaModel;
import dev.chaski.tokenizer.BpeTokenizer;
import java.util.Objects;

/**
 * Guesses the next tokens of an answer, so that one pass can compute several: the guessed ones (the
 * draft) and what follows each. Those that turn out right have cost little; the others are taken
 * back.
 *
 * <p>The answer is the same as without, bit for bit, greedy or sampled. Each token is chosen from
 * the logits that follow the tokens before it, by the same sampler with the next of the same random
 * numbers, whether or not it was guessed; a guess decides only whether these logits are there
 * already. So the text, the distribution it comes from, and what penalties, response formats, stop
 * strings and limits do are those of plain decoding, and the accepting and rejecting that keeps a
 * distribution where drafts are sampled (Leviathan, Kalman, Matias: "Fast Inference from
 * Transformers via Speculative Decoding", 2023) is not needed. It rests on the logits of a short
 * batch being those of single passes, which is why drafts are short. Where kernels do not promise
 * it for as many tokens (see {@link LlamaModel#exactRows}), fewer are guessed, or none.
 */
public sealed interface Speculation {
  /** Tokens of a draft at most. */
  int MAX_TOKENS = 5;

  /** Tokens of a draft, unless the caller says otherwise. */
  int DEFAULT_TOKENS = 2;

  /** Tokens of a draft at most; 0 for no drafts. */
  int maxTokens();

  /** No guesses. */
  record None() implements Speculation {
    @Override
    public int maxTokens() {
      return 0;
    }
  }

  /**
   * Guesses that the text goes on as it did before: where its last tokens stood earlier, in prompt
   * or answer. Helps where an answer repeats much of its prompt: edits, summaries, code. A wrong
   * guess costs part of a pass.
   *
   * @param maxTokens tokens of a draft, 1 to {@value #MAX_TOKENS}
   */
  record Lookup(int maxTokens) implements Speculation {
    /** Checks the number. */
    public Lookup {
      check(maxTokens);
    }
  }

  /**
   * Lets a smaller model of the same vocabulary guess. It has a cache of its own in each session,
   * which grows with the text.
   *
   * @param model what guesses; must not be closed before the sessions that use it
   * @param tokenizer of that model
   * @param maxTokens tokens of a draft, 1 to {@value #MAX_TOKENS}
   */
  record DraftModel(LlamaModel model, BpeTokenizer tokenizer, int maxTokens)
      implements Speculation {
    /** Checks the values. */
    public DraftModel {
      Objects.requireNonNull(model, "model");
      Objects.requireNonNull(tokenizer, "tokenizer");
      check(maxTokens);
    }
  }

  /** No guesses. */
  static Speculation none() {
    return new None();
  }

  /** Guesses from the text itself. */
  static Speculation lookup() {
    return new Lookup(DEFAULT_TOKENS);
  }

  private static void check(int maxTokens) {
    if (maxTokens < 1 || maxTokens > MAX_TOKENS) {
      throw new IllegalArgumentException(
          "a draft of %d tokens is not possible, it must have 1 to %d: larger batches are rounded otherwise, and the text would not be that of plain decoding"
              .formatted(maxTokens, MAX_TOKENS));
    }
  }
}
