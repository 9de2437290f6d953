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
 * @param output (vocab, hidden); the token embedding itself where the two are tied
 */
public record LlamaWeights(
    Weight tokenEmbedding, List<LayerWeights> layers, Tensor outputNorm, Weight output) {
  public LlamaWeights {
    layers = List.copyOf(layers);
  }

  /** Whether the output matrix is the token embedding. */
  public boolean isTied() {
    return output.equals(tokenEmbedding);
  }
}
