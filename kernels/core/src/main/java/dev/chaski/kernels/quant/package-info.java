/**
 * One scalar decoder per tensor format: the specification, with each layout drawn in Javadoc; and
 * an encoder for the formats we write. Imports nothing of ours. Start reading at {@link
 * dev.chaski.kernels.quant.BlockDecoder}, then {@link dev.chaski.kernels.quant.Q8_0Decoder} and
 * {@link dev.chaski.kernels.quant.Q4_KDecoder}.
 */
package dev.chaski.kernels.quant;
