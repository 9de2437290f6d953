package dev.chaski.load;

import dev.chaski.model.LlamaConfig;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Finds the weights of a Llama model among the tensors of a Hugging Face checkpoint. */
final class HfWeights {
  private static final String OUTPUT = "lm_head.weight";

  private final HfTensors tensors;
  private final LlamaConfig config;
  private final boolean tied;

  /**
   * Of a checkpoint.
   *
   * @param tied whether the output matrix is the token embedding
   */
  HfWeights(HfTensors tensors, LlamaConfig config, boolean tied) {
    this.tensors = tensors;
    this.config = config;
    this.tied = tied;
  }

  StoredWeights read() throws IOException {
    int vocab = config.vocabSize();
    int hidden = config.hiddenSize();
    StoredMatrix embedding = tensors.matrix("model.embed_tokens.weight", vocab, hidden);
    List<StoredLayer> layers = new ArrayList<>();
    for (int i = 0; i < config.numLayers(); i++) {
      layers.add(layer("model.layers." + i + "."));
    }
    float[] outputNorm = tensors.vector("model.norm.weight", hidden);
    Optional<StoredMatrix> output = Optional.empty();
    if (tied) {
      tensors.ignore(OUTPUT); // some files hold the copy all the same
    } else {
      output = Optional.of(tensors.matrix(OUTPUT, vocab, hidden));
    }
    tensors.refuseUnused(config.numLayers());
    return new StoredWeights(embedding, layers, outputNorm, output);
  }

  private StoredLayer layer(String prefix) throws IOException {
    int hidden = config.hiddenSize();
    int intermediate = config.intermediateSize();
    return new StoredLayer(
        tensors.vector(prefix + "input_layernorm.weight", hidden),
        tensors.matrix(prefix + "self_attn.q_proj.weight", config.queryColumns(), hidden),
        tensors.matrix(prefix + "self_attn.k_proj.weight", config.kvColumns(), hidden),
        tensors.matrix(prefix + "self_attn.v_proj.weight", config.kvColumns(), hidden),
        tensors.matrix(prefix + "self_attn.o_proj.weight", hidden, config.queryColumns()),
        tensors.vector(prefix + "post_attention_layernorm.weight", hidden),
        tensors.matrix(prefix + "mlp.gate_proj.weight", intermediate, hidden),
        tensors.matrix(prefix + "mlp.up_proj.weight", intermediate, hidden),
        tensors.matrix(prefix + "mlp.down_proj.weight", hidden, intermediate));
  }
}
