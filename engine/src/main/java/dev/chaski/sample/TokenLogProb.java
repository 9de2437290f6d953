package dev.chaski.sample;

/**
 * A token and the natural logarithm of its probability.
 *
 * @param id the token
 * @param logProb ln p, at most 0; -infinity for an impossible token
 */
public record TokenLogProb(int id, double logProb) {}
