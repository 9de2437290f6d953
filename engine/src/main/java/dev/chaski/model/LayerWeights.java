package dev.chaski.model;

import dev.chaski.kernels.Tensor;
import dev.chaski.kernels.Weight;

/**
 * One transformer block; matrices are (output, input).
 *
 * @param attnNorm (1, hidden)
 * @param wq (numHeads * headDim, hidden)
 * @param wk (numKvHeads * headDim, hidden)
 * @param wv (numKvHeads * headDim, hidden)
 * @param wo (hidden, numHeads * headDim)
 * @param ffnNorm (1, hidden)
 * @param wGate (intermediate, hidden)
 * @param wUp (intermediate, hidden)
 * @param wDown (hidden, intermediate)
 */
public record LayerWeights(
    Tensor attnNorm,
    Weight wq,
    Weight wk,
    Weight wv,
    Weight wo,
    Tensor ffnNorm,
    Weight wGate,
    Weight wUp,
    Weight wDown) {}
