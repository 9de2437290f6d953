/**
 * Rewrites model files: the same model with its weights stored in other types, or a Hugging Face
 * checkpoint as a GGUF file. Which tensor becomes what is decided before a byte is written. Imports
 * {@code format}, {@code gguf}, {@code load} with the packages of its results, and the kernels'
 * types and worker pool. Start reading at {@link dev.chaski.convert.Quantizer} and {@link
 * dev.chaski.convert.GgufExporter}; the rules of the mixed types stand in {@code TensorTypeRules}.
 */
package dev.chaski.convert;
