package dev.chaski.model;

import dev.chaski.kernels.Tensor;
import dev.chaski.kernels.Weight;
import java.util.List;

/**
 * All weights of a model: read-only, shared by every session.
 *
 * @param tokenEmbedding (vocab, hidden)
 * @param layers the transformer blocks, first to last
 * @param outputNorm (1, hidden)
 * @param output (vocab, hidden)
 * @param isTied whether the output matrix is the token embedding; then they are one weight, or, if
 *     different kernels compute with them, two of the same data
 */
public record LlamaWeights(
    Weight tokenEmbedding,
    List<LayerWeights> layers,
    Tensor outputNorm,
    Weight output,
    boolean isTied) {
  public LlamaWeights {
    layers = List.copyOf(layers);
  }
}
