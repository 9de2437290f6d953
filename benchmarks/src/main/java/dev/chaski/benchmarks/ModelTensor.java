package dev.chaski.benchmarks;

import java.util.ArrayList;
import java.util.List;

/**
 * A tensor of a model, under both of its names.
 *
 * @param ggufName without {@code .weight}
 * @param moduleName Hugging Face's, without {@code .weight}
 * @param rows of a matrix; the values of a vector
 * @param columns of a matrix; 0 for a vector
 */
record ModelTensor(String ggufName, String moduleName, int rows, int columns) {
  /** All tensors of a model, in the order of its forward pass. */
  static List<ModelTensor> of(ModelShape shape) {
    int hidden = shape.hiddenSize;
    int query = shape.numHeads * shape.headDim;
    int kv = shape.numKvHeads * shape.headDim;
    int inner = shape.intermediateSize;
    List<ModelTensor> tensors = new ArrayList<>();
    tensors.add(new ModelTensor("token_embd", "model.embed_tokens", shape.vocabSize, hidden));
    for (int i = 0; i < shape.numLayers; i++) {
      String block = "blk." + i + ".";
      String layer = "model.layers." + i + ".";
      tensors.add(new ModelTensor(block + "attn_norm", layer + "input_layernorm", hidden, 0));
      tensors.add(new ModelTensor(block + "attn_q", layer + "self_attn.q_proj", query, hidden));
      tensors.add(new ModelTensor(block + "attn_k", layer + "self_attn.k_proj", kv, hidden));
      tensors.add(new ModelTensor(block + "attn_v", layer + "self_attn.v_proj", kv, hidden));
      tensors.add(
          new ModelTensor(block + "attn_output", layer + "self_attn.o_proj", hidden, query));
      tensors.add(
          new ModelTensor(block + "ffn_norm", layer + "post_attention_layernorm", hidden, 0));
      tensors.add(new ModelTensor(block + "ffn_gate", layer + "mlp.gate_proj", inner, hidden));
      tensors.add(new ModelTensor(block + "ffn_up", layer + "mlp.up_proj", inner, hidden));
      tensors.add(new ModelTensor(block + "ffn_down", layer + "mlp.down_proj", hidden, inner));
    }
    tensors.add(new ModelTensor("output_norm", "model.norm", hidden, 0));
    if (!shape.tied) {
      tensors.add(new ModelTensor("output", "lm_head", shape.vocabSize, hidden));
    }
    return tensors;
  }

  boolean isMatrix() {
    return columns > 0;
  }

  /** Whether it belongs to a block, whose matrices are the ones that get quantised. */
  boolean isOfBlock() {
    return ggufName.startsWith("blk.");
  }

  /** Number of weights. */
  long size() {
    return isMatrix() ? (long) rows * columns : rows;
  }
}
