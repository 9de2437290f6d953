package dev.chaski.sample;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * Log-probabilities (natural logarithm) of a row of raw logits, as the model gave them: before
 * temperature, penalties and filters. Reads the row on every call, so it is valid until the row
 * changes. Immutable otherwise.
 *
 * <p>{@code logProb(i) = logit[i] - max - ln(sum of exp(logit - max))}, in double: cannot overflow,
 * the error is below {@code 1e-8}. Where logits are +infinity, their tokens share all the
 * probability.
 */
public final class LogProbs {

  // exp(d) = e^-SHIFT * exp((d + SHIFT) / 128)^128 for d in [-2 SHIFT, 0]: |y| < 0.24, where nine
  // terms of the Taylor series are enough. Smaller terms could not change the sum.
  private static final double SHIFT = 30;
  private static final int BLOCK = 1024;

  private final float[] logits;
  private final int offset;
  private final int vocabSize;
  private final float max;
  private final double logSum; // ln of the sum of exp(logit - max), or of the logits at +infinity

  private LogProbs(float[] logits, int offset, int vocabSize, float max, double logSum) {
    this.logits = logits;
    this.offset = offset;
    this.vocabSize = vocabSize;
    this.max = max;
    this.logSum = logSum;
  }

  /**
   * The log-probabilities of a row.
   *
   * @param logits raw logits, one row from {@code offset}: (vocabSize)
   * @throws UnusableLogitsException if a logit is NaN, or all are -infinity
   * @throws IllegalArgumentException if {@code vocabSize} is not positive
   * @throws IndexOutOfBoundsException if the row is not inside {@code logits}
   */
  public static LogProbs of(float[] logits, int offset, int vocabSize) {
    if (vocabSize < 1) {
      throw new IllegalArgumentException("vocabSize is %d, must be >= 1".formatted(vocabSize));
    }
    Objects.checkFromIndexSize(offset, vocabSize, logits.length);
    float max = max(logits, offset, vocabSize);
    if (max == Float.NEGATIVE_INFINITY) {
      throw UnusableLogitsException.noTokenLeft(vocabSize);
    }
    if (max == Float.POSITIVE_INFINITY) {
      int count = 0;
      for (int i = 0; i < vocabSize; i++) {
        count += logits[offset + i] == max ? 1 : 0;
      }
      return new LogProbs(logits, offset, vocabSize, max, Math.log(count));
    }
    double logSum = Math.log(sumShifted(logits, offset, vocabSize, max)) - SHIFT;
    return new LogProbs(logits, offset, vocabSize, max, logSum);
  }

  /**
   * The log-probability of a token: at most 0, -infinity if it is impossible.
   *
   * @throws IndexOutOfBoundsException if the token is outside the vocabulary
   */
  public double logProb(int token) {
    return logProbOf(logits[offset + Objects.checkIndex(token, vocabSize)]);
  }

  /**
   * The most likely tokens, most likely first, of equally likely ones the lowest id first.
   *
   * @param n how many; all if the vocabulary has no more
   * @throws IllegalArgumentException if {@code n} is negative
   */
  public List<TokenLogProb> top(int n) {
    if (n < 0) {
      throw new IllegalArgumentException("n is %d, must be >= 0".formatted(n));
    }
    long[] ranks = largestRanks(Math.min(n, vocabSize));
    Arrays.sort(ranks);
    List<TokenLogProb> top = new ArrayList<>(ranks.length);
    for (int i = ranks.length - 1; i >= 0; i--) {
      int token = Integer.MAX_VALUE - (int) ranks[i];
      top.add(new TokenLogProb(token, logProbOf(logits[offset + token])));
    }
    return List.copyOf(top);
  }

  private double logProbOf(float logit) {
    // Equal infinities have no difference.
    double belowMax = logit == max ? 0 : (double) logit - max;
    return Math.min(belowMax - logSum, 0);
  }

  /** The ranks of the n first tokens, in no order; kept in a heap with the last on top. */
  private long[] largestRanks(int n) {
    long[] heap = new long[n];
    for (int i = 0; i < n; i++) {
      heap[i] = rank(i);
    }
    for (int i = n / 2 - 1; i >= 0; i--) {
      sink(heap, i);
    }
    // A later token of equal logit ranks behind, so comparing with the logit on top is enough.
    float last = n == 0 ? Float.POSITIVE_INFINITY : logitOf(heap[0]);
    for (int i = n; i < vocabSize; i++) {
      if (logits[offset + i] > last) {
        heap[0] = rank(i);
        sink(heap, 0);
        last = logitOf(heap[0]);
      }
    }
    return heap;
  }

  /** Larger for a larger logit, then for a lower id. */
  private long rank(int token) {
    return ((long) LogitKeys.keyOf(logits[offset + token]) << 32) | (Integer.MAX_VALUE - token);
  }

  private float logitOf(long rank) {
    return logits[offset + Integer.MAX_VALUE - (int) rank];
  }

  private static void sink(long[] heap, int start) {
    int i = start;
    long value = heap[i];
    for (int child = 2 * i + 1; child < heap.length; child = 2 * i + 1) {
      if (child + 1 < heap.length && heap[child + 1] < heap[child]) {
        child++;
      }
      if (heap[child] >= value) {
        break;
      }
      heap[i] = heap[child];
      i = child;
    }
    heap[i] = value;
  }

  private static float max(float[] logits, int offset, int size) {
    float max = Float.NEGATIVE_INFINITY;
    for (int i = 0; i < size; i++) {
      float logit = logits[offset + i];
      if (!(logit <= max)) { // also when it is NaN
        if (Float.isNaN(logit)) {
          throw UnusableLogitsException.notANumber(i, size);
        }
        max = logit;
      }
    }
    return max;
  }

  private static double sumShifted(float[] logits, int offset, int size, float max) {
    double[] terms = new double[BLOCK];
    double sum = 0;
    for (int block = 0; block < size; block += BLOCK) {
      int length = Math.min(BLOCK, size - block);
      shiftedExp(logits, offset + block, max, terms, length);
      double even = 0;
      double odd = 0;
      for (int i = 0; i + 1 < length; i += 2) {
        even += terms[i];
        odd += terms[i + 1];
      }
      sum += even + odd + (length % 2 == 1 ? terms[length - 1] : 0);
    }
    return sum;
  }

  private static void shiftedExp(float[] logits, int from, float max, double[] terms, int size) {
    for (int i = 0; i < size; i++) {
      double d = Math.max((double) logits[from + i] - max, -2 * SHIFT);
      double y = (d + SHIFT) * (1.0 / 128);
      double p = 1.0 / 40320;
      p = p * y + 1.0 / 5040;
      p = p * y + 1.0 / 720;
      p = p * y + 1.0 / 120;
      p = p * y + 1.0 / 24;
      p = p * y + 1.0 / 6;
      p = p * y + 0.5;
      p = p * y + 1;
      p = p * y + 1;
      double p2 = p * p;
      double p4 = p2 * p2;
      double p8 = p4 * p4;
      double p16 = p8 * p8;
      double p32 = p16 * p16;
      double p64 = p32 * p32;
      terms[i] = p64 * p64;
    }
  }
}
