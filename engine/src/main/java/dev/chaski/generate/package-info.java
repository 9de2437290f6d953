/**
 * From a prompt to an answer: prefill, the decode loop, stop conditions, statistics, cancellation.
 * Imports {@code model}, {@code sample} and the tokenizer. Start reading at {@link
 * dev.chaski.generate.Generator#generate}.
 */
package dev.chaski.generate;
