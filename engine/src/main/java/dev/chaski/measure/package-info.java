/**
 * Measures a model: how fast it is, as llama-bench means it, and how well it predicts a text, as
 * llama-perplexity means it. Prints nothing. Imports {@code model}, {@code sample} and the kernels.
 * Start reading at {@link dev.chaski.measure.SpeedMeter} and {@link dev.chaski.measure.Perplexity}.
 */
package dev.chaski.measure;
