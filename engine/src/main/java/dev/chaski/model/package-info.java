/**
 * The Llama decoder: numbers ({@link dev.chaski.model.LlamaConfig}), weights ({@link
 * dev.chaski.model.LlamaWeights}), the scratch of a pass ({@link dev.chaski.model.Activations}),
 * the state of a sequence ({@link dev.chaski.model.KvCache}) and the one forward pass ({@link
 * dev.chaski.model.LlamaModel}). Knows no file format, no quantisation and no device. Imports
 * {@code dev.chaski.kernels} only. Start reading at {@link dev.chaski.model.LlamaModel#forward}.
 */
package dev.chaski.model;
