/**
 * Rewrites model files: the same model with its weights stored in other types. Which tensor becomes
 * what is decided before a byte is written, and can be looked at. Imports {@code format}, {@code
 * gguf} and the kernels' types and worker pool. Start reading at {@link
 * dev.chaski.convert.Quantizer}; the rules of the mixed types stand in {@code TensorTypeRules}.
 */
package dev.chaski.convert;
