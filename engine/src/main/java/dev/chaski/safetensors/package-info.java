/**
 * Reads safetensors, the weight format of Hugging Face checkpoints: one file or the shards of an
 * index, whose tensors stay where they are in the mapped files. Knows nothing about Llama; trusts
 * nothing in a file.
 *
 * <p>May import {@code dev.chaski.format} and {@link dev.chaski.kernels.TensorType}. Start reading
 * at {@link dev.chaski.safetensors.SafetensorsCheckpoint}; a file's header is checked in {@code
 * SafetensorsHeader}.
 */
package dev.chaski.safetensors;
