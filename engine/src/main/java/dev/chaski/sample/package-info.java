/**
 * From one row of logits to one token id: penalties, filters, the draw, log-probabilities, and the
 * seam for constrained decoding.
 *
 * <p>Imports nothing of ours. Start reading at {@link dev.chaski.sample.Sampler}, whose Javadoc
 * gives the order of the steps; {@link dev.chaski.sample.SamplingOptions} says what each option
 * means. Of the rest, {@code LogitAdjuster} changes single logits (constraint, bias, penalties),
 * {@code LogitKeys} makes a row cheap to search, and {@code TokenDraw} filters and draws.
 *
 * <p>Nothing here sorts a vocabulary: a call is a handful of passes over {@code int[]} and {@code
 * float[]} in loops that the JIT compiler turns into SIMD code, and allocates nothing once its
 * buffers have grown to the vocabulary.
 */
package dev.chaski.sample;
