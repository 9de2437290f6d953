/**
 * From a prompt to an answer: prefill, the decode loop, stop conditions, statistics, cancellation.
 * Imports {@code model}, {@code sample}, {@code grammar} and the tokenizer. Start reading at {@link
 * dev.chaski.generate.Generator#generate}; {@link dev.chaski.generate.ResponseFormat} is what an
 * answer can be kept to, {@link dev.chaski.generate.Speculation} how tokens are guessed ahead.
 */
package dev.chaski.generate;
