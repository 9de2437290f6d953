package dev.chaski.sample;

import java.util.Arrays;
import java.util.Map;

/**
 * What changes single logits before the filters: constraint, then bias, then penalties. Works on a
 * copy, the caller's row stays as it is. A logit of -infinity is final: nothing brings such a token
 * back.
 */
final class LogitAdjuster {

  private final float repetitionPenalty;
  private final float presencePenalty;
  private final float frequencyPenalty;
  private final int[] biasTokens; // ascending
  private final float[] biases;
  private final TokenCounts seen; // null when no penalty is on
  private final TokenConstraint constraint; // null when there is none

  private float[] row = {};
  private long[] allowed = {};

  LogitAdjuster(SamplingOptions options, TokenConstraint constraint) {
    this.repetitionPenalty = options.repetitionPenalty();
    this.presencePenalty = options.presencePenalty();
    this.frequencyPenalty = options.frequencyPenalty();
    Map<Integer, Float> logitBias = options.logitBias();
    this.biasTokens = logitBias.keySet().stream().mapToInt(Integer::intValue).sorted().toArray();
    this.biases = new float[biasTokens.length];
    for (int i = 0; i < biases.length; i++) {
      biases[i] = logitBias.get(biasTokens[i]);
    }
    this.seen = options.hasPenalties() ? new TokenCounts(options.penaltyWindow()) : null;
    this.constraint = constraint;
  }

  /** Takes note of a token, for the penalties. */
  void saw(int token) {
    if (seen != null) {
      seen.add(token);
    }
  }

  /** Forgets the tokens seen. */
  void forget() {
    if (seen != null) {
      seen.clear();
    }
  }

  /**
   * The adjusted copy of a row, starting at index 0 and valid until the next call, or null if there
   * is nothing to adjust.
   */
  float[] adjust(float[] logits, int offset, int vocabSize) {
    boolean masked = constraint != null && askConstraint(vocabSize);
    if (!masked && biasTokens.length == 0 && seen == null) {
      return null;
    }
    checkBiasTokens(vocabSize);
    if (row.length < vocabSize) {
      row = new float[vocabSize];
    }
    System.arraycopy(logits, offset, row, 0, vocabSize);
    if (masked) {
      applyMask(vocabSize);
    }
    applyBias();
    if (seen != null) {
      applyPenalties(vocabSize);
    }
    return row;
  }

  /**
   * A copy of a row in which the tokens of logit +infinity have 0 and all others -infinity: the
   * limit of the row's distribution, in numbers one can compute with. Starts at index 0, valid
   * until the next call; the row may be the one {@link #adjust} returned.
   */
  float[] onlyInfinite(float[] logits, int offset, int vocabSize) {
    if (row.length < vocabSize) {
      row = new float[vocabSize];
    }
    for (int i = 0; i < vocabSize; i++) {
      boolean infinite = logits[offset + i] == Float.POSITIVE_INFINITY;
      row[i] = infinite ? 0 : Float.NEGATIVE_INFINITY;
    }
    return row;
  }

  private boolean askConstraint(int vocabSize) {
    int words = (vocabSize + Long.SIZE - 1) / Long.SIZE;
    if (allowed.length != words) {
      allowed = new long[words];
    }
    Arrays.fill(allowed, -1L);
    return constraint.mask(allowed);
  }

  private void applyMask(int vocabSize) {
    for (int word = 0; word < allowed.length; word++) {
      long forbidden = ~allowed[word];
      int start = word * Long.SIZE;
      if (forbidden == -1L) {
        int end = Math.min(start + Long.SIZE, vocabSize);
        Arrays.fill(row, start, end, Float.NEGATIVE_INFINITY);
        continue;
      }
      if (start + Long.SIZE > vocabSize) {
        forbidden &= -1L >>> (start + Long.SIZE - vocabSize);
      }
      for (long bits = forbidden; bits != 0; bits &= bits - 1) {
        row[start + Long.numberOfTrailingZeros(bits)] = Float.NEGATIVE_INFINITY;
      }
    }
  }

  private void checkBiasTokens(int vocabSize) {
    if (biasTokens.length > 0 && biasTokens[biasTokens.length - 1] >= vocabSize) {
      throw new IllegalArgumentException(
          "logitBias names token %d, but the vocabulary has %d: tokens are 0 to %d"
              .formatted(biasTokens[biasTokens.length - 1], vocabSize, vocabSize - 1));
    }
  }

  private void applyBias() {
    for (int i = 0; i < biasTokens.length; i++) {
      float logit = row[biasTokens[i]];
      if (logit != Float.NEGATIVE_INFINITY) {
        // An infinite bias replaces the logit: inf - inf would be NaN.
        row[biasTokens[i]] =
            Float.isInfinite(biases[i]) && !Float.isNaN(logit) ? biases[i] : logit + biases[i];
      }
    }
  }

  private void applyPenalties(int vocabSize) {
    for (int slot = 0; slot < seen.slots(); slot++) {
      int token = seen.slotToken(slot);
      if (token < 0) {
        continue;
      }
      if (token >= vocabSize) {
        throw new IllegalArgumentException(
            "token %d was accepted, but the vocabulary has %d: tokens are 0 to %d"
                .formatted(token, vocabSize, vocabSize - 1));
      }
      row[token] = penalise(row[token], seen.slotCount(slot));
    }
  }

  private float penalise(float logit, int count) {
    if (logit == Float.NEGATIVE_INFINITY) {
      return logit;
    }
    float scaled = logit > 0 ? logit / repetitionPenalty : logit * repetitionPenalty;
    // In double, where the product cannot overflow: +inf - inf would be NaN.
    return (float) (scaled - (double) frequencyPenalty * count - presencePenalty);
  }
}
