package dev.chaski.model;

import dev.chaski.gguf.GgufFile;
import dev.chaski.gguf.GgufMetadata;
import dev.chaski.gguf.GgufTensor;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/**
 * The forward pass once more, in double precision, one token after the other and with nothing but
 * loops: what the engine is compared with where there is no golden file. Takes everything from the
 * file by name; of the engine's own code it uses only the file's reader and the rotation divisors.
 */
final class Float64Llama {
  private final GgufFile file;
  private final int layers;
  private final int heads;
  private final int kvHeads;
  private final int headDim;
  private final double eps;
  private final double theta;
  private final RopeScaling scaling;
  private final Map<String, double[][]> decoded = new HashMap<>();

  Float64Llama(GgufFile file, RopeScaling scaling) throws IOException {
    GgufMetadata metadata = file.metadata();
    this.file = file;
    this.layers = metadata.getInt("llama.block_count");
    this.heads = metadata.getInt("llama.attention.head_count");
    this.kvHeads = metadata.getInt("llama.attention.head_count_kv");
    this.headDim = metadata.getInt("llama.attention.key_length");
    this.eps = metadata.getFloat("llama.attention.layer_norm_rms_epsilon");
    this.theta = metadata.getFloat("llama.rope.freq_base");
    this.scaling = scaling;
  }

  /** Logits after every token: (ids, vocab). */
  double[][] logits(int[] ids) {
    double[][][] keys = new double[layers][ids.length][];
    double[][][] values = new double[layers][ids.length][];
    double[][] logits = new double[ids.length][];
    String output = file.tensor("output.weight").isPresent() ? "output" : "token_embd";
    double[][] embedding = matrix("token_embd");
    for (int position = 0; position < ids.length; position++) {
      double[] x = embedding[ids[position]].clone();
      for (int i = 0; i < layers; i++) {
        String block = "blk." + i + ".";
        double[] normed = norm(x, block + "attn_norm");
        double[] q = rotate(multiply(block + "attn_q", normed), position);
        keys[i][position] = rotate(multiply(block + "attn_k", normed), position);
        values[i][position] = multiply(block + "attn_v", normed);
        add(x, multiply(block + "attn_output", attention(q, keys[i], values[i], position)));
        normed = norm(x, block + "ffn_norm");
        double[] gate = multiply(block + "ffn_gate", normed);
        double[] up = multiply(block + "ffn_up", normed);
        for (int j = 0; j < gate.length; j++) {
          gate[j] *= up[j] / (1 + Math.exp(-gate[j]));
        }
        add(x, multiply(block + "ffn_down", gate));
      }
      logits[position] = multiply(output, norm(x, "output_norm"));
    }
    return logits;
  }

  private double[] attention(double[] q, double[][] keys, double[][] values, int position) {
    double[] out = new double[q.length];
    for (int head = 0; head < heads; head++) {
      int kv = head / (heads / kvHeads) * headDim;
      double[] weights = new double[position + 1];
      double sum = 0;
      for (int p = 0; p <= position; p++) {
        double score = 0;
        for (int j = 0; j < headDim; j++) {
          score += q[head * headDim + j] * keys[p][kv + j];
        }
        weights[p] = Math.exp(score / Math.sqrt(headDim));
        sum += weights[p];
      }
      for (int p = 0; p <= position; p++) {
        for (int j = 0; j < headDim; j++) {
          out[head * headDim + j] += weights[p] / sum * values[p][kv + j];
        }
      }
    }
    return out;
  }

  private double[] rotate(double[] x, int position) {
    for (int at = 0; at < x.length; at += 2) {
      int pair = at % headDim / 2;
      double frequency = Math.pow(theta, -2.0 * pair / headDim);
      double angle = position * frequency / scaling.divisor(pair, frequency);
      double first = x[at];
      double second = x[at + 1];
      x[at] = first * Math.cos(angle) - second * Math.sin(angle);
      x[at + 1] = first * Math.sin(angle) + second * Math.cos(angle);
    }
    return x;
  }

  private double[] norm(double[] x, String name) {
    double squares = 0;
    for (double value : x) {
      squares += value * value;
    }
    double scale = 1 / Math.sqrt(squares / x.length + eps);
    double[] gain = matrix(name)[0];
    double[] out = new double[x.length];
    for (int i = 0; i < x.length; i++) {
      out[i] = x[i] * scale * gain[i];
    }
    return out;
  }

  private double[] multiply(String name, double[] x) {
    double[][] rows = matrix(name);
    double[] out = new double[rows.length];
    for (int i = 0; i < out.length; i++) {
      for (int j = 0; j < x.length; j++) {
        out[i] += rows[i][j] * x[j];
      }
    }
    return out;
  }

  private static void add(double[] x, double[] more) {
    for (int i = 0; i < x.length; i++) {
      x[i] += more[i];
    }
  }

  private double[][] matrix(String name) {
    return decoded.computeIfAbsent(name, this::decode);
  }

  private double[][] decode(String name) {
    GgufTensor tensor = file.tensor(name + ".weight").orElseThrow();
    int columns = (int) tensor.columns();
    float[] values = new float[(int) tensor.size()];
    tensor.type().decoder().decode(tensor.data(), 0, values, 0, values.length);
    double[][] rows = new double[(int) tensor.rows()][columns];
    for (int i = 0; i < values.length; i++) {
      rows[i / columns][i % columns] = values[i];
    }
    return rows;
  }
}
