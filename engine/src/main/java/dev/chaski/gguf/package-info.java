/**
 * Reads and writes GGUF, the single-file model format of ggml: typed metadata and tensors that stay
 * where they are in the mapped file. Knows nothing about Llama; trusts nothing in a file.
 *
 * <p>May import {@code dev.chaski.format} and {@link dev.chaski.kernels.TensorType}. Start reading
 * at {@link dev.chaski.gguf.GgufFile}; the layout itself is walked in {@code GgufParser}, and what
 * is refused for its size stands in {@code GgufLimits}.
 */
package dev.chaski.gguf;
