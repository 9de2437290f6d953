package dev.chaski.load;

import dev.chaski.format.Excerpt;
import dev.chaski.format.ModelFormatException;
import dev.chaski.format.UnsupportedModelException;
import dev.chaski.gguf.GgufFile;
import dev.chaski.gguf.GgufTensor;
import dev.chaski.kernels.Kernels;
import dev.chaski.kernels.Tensor;
import dev.chaski.kernels.Weight;
import dev.chaski.model.LayerWeights;
import dev.chaski.model.LlamaConfig;
import dev.chaski.model.LlamaWeights;
import dev.chaski.model.Placement;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Finds the weights of a Llama model among GGUF tensors, and checks their shapes. */
final class GgufWeights {
  static final String TOKEN_EMBEDDING = "token_embd.weight";
  private static final String OUTPUT = "output.weight";

  private final GgufFile file;
  private final LlamaConfig config;
  private final Placement placement;
  private final Set<String> used = new HashSet<>();

  GgufWeights(GgufFile file, LlamaConfig config, Placement placement) {
    this.file = file;
    this.config = config;
    this.placement = placement;
  }

  LlamaWeights read() throws IOException {
    Kernels first = placement.ofEmbedding(config);
    Kernels last = placement.ofOutput();
    Weight embedding = vocabulary(first, TOKEN_EMBEDDING);
    List<LayerWeights> layers = new ArrayList<>();
    for (int i = 0; i < config.numLayers(); i++) {
      layers.add(layer(placement.ofLayer(i, config), "blk." + i + "."));
    }
    Tensor outputNorm = norm(last, "output_norm.weight");
    boolean tied = file.tensor(OUTPUT).isEmpty();
    Weight output =
        tied && first.equals(last) ? embedding : vocabulary(last, tied ? TOKEN_EMBEDDING : OUTPUT);
    refuseUnused();
    return new LlamaWeights(embedding, layers, outputNorm, output, tied);
  }

  private Weight vocabulary(Kernels kernels, String name) throws IOException {
    return matrix(kernels, name, config.vocabSize(), config.hiddenSize());
  }

  private LayerWeights layer(Kernels kernels, String prefix) throws IOException {
    int hidden = config.hiddenSize();
    int intermediate = config.intermediateSize();
    return new LayerWeights(
        norm(kernels, prefix + "attn_norm.weight"),
        matrix(kernels, prefix + "attn_q.weight", config.queryColumns(), hidden),
        matrix(kernels, prefix + "attn_k.weight", config.kvColumns(), hidden),
        matrix(kernels, prefix + "attn_v.weight", config.kvColumns(), hidden),
        matrix(kernels, prefix + "attn_output.weight", hidden, config.queryColumns()),
        norm(kernels, prefix + "ffn_norm.weight"),
        matrix(kernels, prefix + "ffn_gate.weight", intermediate, hidden),
        matrix(kernels, prefix + "ffn_up.weight", intermediate, hidden),
        matrix(kernels, prefix + "ffn_down.weight", hidden, intermediate));
  }

  private Weight matrix(Kernels kernels, String name, int rows, int columns) throws IOException {
    GgufTensor tensor = require(file, name);
    if (!tensor.shape().equals(List.of((long) columns, (long) rows))) {
      throw broken(
          tensor,
          "has shape "
              + tensor.shape()
              + ", but the model's numbers make it ["
              + columns
              + ", "
              + rows
              + "]");
    }
    used.add(name);
    return kernels.weight(tensor.type(), rows, columns, tensor.data());
  }

  private Tensor norm(Kernels kernels, String name) throws IOException {
    GgufTensor tensor = require(file, name);
    if (!tensor.shape().equals(List.of((long) config.hiddenSize()))) {
      throw broken(
          tensor,
          "has shape "
              + tensor.shape()
              + ", but the model's numbers make it ["
              + config.hiddenSize()
              + "]");
    }
    used.add(name);
    Tensor gain = kernels.tensor(1, config.hiddenSize());
    kernels.write(gain, 0, vector(tensor));
    return gain;
  }

  /** A tensor we would leave out (a bias, a norm of Q) changes the model: better no answer. */
  private void refuseUnused() throws UnsupportedModelException {
    used.add(GgufConfig.ROPE_FREQS);
    for (GgufTensor tensor : file.tensors()) {
      if (!used.contains(tensor.name())) {
        throw new UnsupportedModelException(
            tensor.file(),
            "tensor "
                + Excerpt.quoted(tensor.name())
                + " has no place in a Llama model (llama.block_count is "
                + config.numLayers()
                + "); supported are dense models without biases");
      }
    }
  }

  /** The tensor of that name, or an error that says it is missing. */
  static GgufTensor require(GgufFile file, String name) throws ModelFormatException {
    return file.tensor(name)
        .orElseThrow(() ->
            new ModelFormatException(
                file.path(),
                ModelFormatException.UNKNOWN_OFFSET,
                "tensor '" + name + "' is missing; is the file complete?"));
  }

  /** The values of a one-dimensional tensor, all finite. */
  static float[] vector(GgufTensor tensor) throws ModelFormatException {
    if (tensor.shape().size() != 1 || tensor.columns() > LlamaConfig.MAX_SIZE) {
      throw broken(tensor, "has shape " + tensor.shape() + ", expected one dimension");
    }
    float[] values = new float[(int) tensor.columns()];
    try {
      tensor.type().decoder().decode(tensor.data(), 0, values, 0, values.length);
    } catch (InternalError e) {
      throw new ModelFormatException(
          tensor.file(), tensor.offset(), "the file was cut while it was read", e);
    }
    for (int i = 0; i < values.length; i++) {
      if (!Float.isFinite(values[i])) {
        throw broken(tensor, "holds " + values[i] + " at index " + i + ", expected finite values");
      }
    }
    return values;
  }

  /** An error that says where the tensor is. */
  static ModelFormatException broken(GgufTensor tensor, String reason) {
    return new ModelFormatException(
        tensor.file(), tensor.offset(), "tensor " + Excerpt.quoted(tensor.name()) + " " + reason);
  }
}
