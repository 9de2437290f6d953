/**
 * One scalar decoder per tensor format: the specification, with each layout drawn in Javadoc.
 * Imports nothing of ours. Start reading at {@link dev.chaski.kernels.quant.BlockDecoder}, then
 * {@link dev.chaski.kernels.quant.Q8_0Decoder}.
 */
package dev.chaski.kernels.quant;
