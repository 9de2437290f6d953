package dev.chaski.load;

import dev.chaski.kernels.Kernels;
import dev.chaski.kernels.WarmUp;
import dev.chaski.kernels.Weight;
import dev.chaski.model.LlamaWeights;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * All weights of a model as its files store them: checked, and not yet connected to kernels.
 *
 * @param tokenEmbedding (vocab, hidden)
 * @param layers the transformer blocks, first to last
 * @param outputNorm (hidden)
 * @param output (vocab, hidden); empty where it is the token embedding
 */
public record StoredWeights(
    StoredMatrix tokenEmbedding,
    List<StoredLayer> layers,
    float[] outputNorm,
    Optional<StoredMatrix> output) {
  /** Copies the list. */
  public StoredWeights {
    layers = List.copyOf(layers);
  }

  /** Matrices without scales of their own, enough to have all types. */
  List<WarmUp.Rows> unscaled() {
    return Stream.concat(
            Stream.concat(Stream.of(tokenEmbedding), output.stream()),
            layers.stream().flatMap(layer -> Stream.of(layer.wq(), layer.wDown())))
        .filter(matrix -> matrix.scale().isEmpty())
        .map(it -> new WarmUp.Rows(it.type(), it.columns(), it.tensor().data()))
        .toList();
  }

  LlamaWeights connect(Kernels kernels) {
    Weight embedding = tokenEmbedding.connect(kernels);
    return new LlamaWeights(
        embedding,
        layers.stream().map(layer -> layer.connect(kernels)).toList(),
        StoredLayer.vector(outputNorm, kernels),
        output.map(matrix -> matrix.connect(kernels)).orElse(embedding));
  }
}
