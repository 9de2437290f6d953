package dev.chaski.load;

import dev.chaski.kernels.Kernels;
import dev.chaski.kernels.WarmUp;
import dev.chaski.kernels.Weight;
import dev.chaski.model.LayerWeights;
import dev.chaski.model.LlamaConfig;
import dev.chaski.model.LlamaWeights;
import dev.chaski.model.Placement;
import java.util.ArrayList;
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

  LlamaWeights connect(LlamaConfig config, Placement placement) {
    Kernels first = placement.ofEmbedding(config);
    Kernels last = placement.ofOutput();
    Weight embedding = tokenEmbedding.connect(first);
    List<LayerWeights> connected = new ArrayList<>();
    for (int i = 0; i < layers.size(); i++) {
      connected.add(layers.get(i).connect(placement.ofLayer(i, config)));
    }
    boolean tied = output.isEmpty();
    return new LlamaWeights(
        embedding,
        connected,
        StoredLayer.vector(outputNorm, last),
        tied && first.equals(last) ? embedding : output.orElse(tokenEmbedding).connect(last),
        tied);
  }
}
