package dev.chaski.model;

import dev.chaski.kernels.RopeFrequencies;
import java.util.List;

/**
 * How rotation frequencies are slowed down so that a model can tell far positions apart: each
 * frequency {@code theta^(-2i/headDim)} is divided by a factor of its own.
 */
public sealed interface RopeScaling {
  /** Every factor is 1. */
  record None() implements RopeScaling {
    @Override
    public double divisor(int pair, double frequency) {
      return 1;
    }
  }

  /**
   * The same factor for every pair: position interpolation (Chen et al. 2023).
   *
   * @param factor how many times longer the context became
   */
  record Linear(double factor) implements RopeScaling {
    @Override
    public double divisor(int pair, double frequency) {
      return factor;
    }

    @Override
    public void validate(int headDim) {
      if (!(factor > 0 && factor < Double.POSITIVE_INFINITY)) {
        throw new IllegalArgumentException(
            "rope scaling factor is " + factor + ", it must be finite and positive");
      }
    }
  }

  /**
   * The scaling of Llama 3.1: frequencies whose wavelength exceeds {@code originalContextLength /
   * lowFreqFactor} are divided by {@code factor}, those below {@code originalContextLength /
   * highFreqFactor} are left alone, between them the two are blended. Source: {@code apply_scaling}
   * in Meta's reference model.
   *
   * @param factor 8 for Llama 3.1, 32 for the small 3.2 models
   * @param lowFreqFactor 1
   * @param highFreqFactor 4
   * @param originalContextLength positions of pre-training, 8192
   */
  record Llama3(
      double factor, double lowFreqFactor, double highFreqFactor, int originalContextLength)
      implements RopeScaling {
    @Override
    public double divisor(int pair, double frequency) {
      double wavelength = 2 * Math.PI / frequency;
      double turns = originalContextLength / wavelength; // in the original context
      if (turns > highFreqFactor) {
        return 1;
      }
      if (turns < lowFreqFactor) {
        return factor;
      }
      double keep = (turns - lowFreqFactor) / (highFreqFactor - lowFreqFactor);
      return 1 / ((1 - keep) / factor + keep);
    }

    @Override
    public void validate(int headDim) {
      if (!(factor >= 1 && factor < Double.POSITIVE_INFINITY)) {
        throw new IllegalArgumentException(
            "rope scaling factor is " + factor + ", it must be finite and at least 1");
      }
      if (!(lowFreqFactor > 0
          && highFreqFactor > lowFreqFactor
          && highFreqFactor < Double.POSITIVE_INFINITY)) {
        throw new IllegalArgumentException(
            "rope scaling needs 0 < low_freq_factor < high_freq_factor, not "
                + lowFreqFactor
                + " and "
                + highFreqFactor);
      }
      if (originalContextLength < 1) {
        throw new IllegalArgumentException(
            "rope scaling original context is " + originalContextLength + ", it must be positive");
      }
    }
  }

  /**
   * Factors as a file gives them, one for each pair: GGUF's {@code rope_freqs.weight}.
   *
   * @param factors (headDim / 2)
   */
  record Factors(List<Float> factors) implements RopeScaling {
    public Factors {
      factors = List.copyOf(factors);
    }

    @Override
    public double divisor(int pair, double frequency) {
      return factors.get(pair);
    }

    @Override
    public void validate(int headDim) {
      if (factors.size() != headDim / 2) {
        throw new IllegalArgumentException(
            "there are "
                + factors.size()
                + " rope factors for "
                + headDim / 2
                + " pairs of a head");
      }
      for (float factor : factors) {
        if (!(factor > 0 && factor < Float.POSITIVE_INFINITY)) {
          throw new IllegalArgumentException(
              "a rope factor is " + factor + ", it must be finite and positive");
        }
      }
    }
  }

  /**
   * What the frequency of a pair is divided by.
   *
   * @param frequency radians per position, unscaled
   */
  double divisor(int pair, double frequency);

  /**
   * Checks the scaling against the size of a head.
   *
   * @throws IllegalArgumentException saying what is wrong
   */
  default void validate(int headDim) {}

  /** The frequencies of all pairs of a head, in double precision. */
  default RopeFrequencies frequencies(double theta, int headDim) {
    double[] radians = new double[headDim / 2];
    for (int i = 0; i < radians.length; i++) {
      double frequency = Math.pow(theta, -2.0 * i / headDim);
      radians[i] = frequency / divisor(i, frequency);
    }
    return new RopeFrequencies(radians);
  }
}
