package dev.chaski.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.chaski.SharedFiles;
import dev.chaski.kernels.Kernels;
import dev.chaski.kernels.KernelsChoice;
import dev.chaski.kernels.KernelsOptions;
import dev.chaski.kernels.Tensor;
import dev.chaski.kernels.TensorType;
import dev.chaski.load.GgufLoader;
import dev.chaski.load.LoadedModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What is inside a pass, block by block: when logits are wrong, the first failure here says where
 * it begins. A model cut off after each block leaves the values of its last one.
 */
class TraceTest {
  /** Of the largest value of a vector: that of the logits, see the vectors' README. */
  private static final double TOLERANCE = 3e-5;

  @ParameterizedTest
  @ValueSource(strings = {"scalar", "vector"})
  void everyBlockAgreesWithTheReference(String name) throws IOException {
    Path file = SharedFiles.require("vectors/trace/stories260K-F32.json");
    JsonNode trace = JsonMapper.shared().readTree(Files.readAllBytes(file));
    JsonNode values = trace.get("values");
    try (Kernels kernels = KernelsChoice.named(name).provider().create(new KernelsOptions(2));
        LoadedModel loaded =
            GgufLoader.load(
                file.resolveSibling("../" + trace.get("model").asString()).normalize(), kernels)) {
      LlamaModel whole = loaded.model();
      for (int blocks = 1; blocks <= whole.config().numLayers(); blocks++) {
        LlamaModel model = cut(whole, blocks);
        Activations a = run(model, trace.get("ids"), true);
        check(kernels, values, blocks, a, a.upper());
        a = run(model, trace.get("ids"), false); // the last row goes a way of its own then
        check(kernels, values, blocks, a, a.wanted());
        if (blocks == whole.config().numLayers()) {
          check(kernels, values, "output_norm", a.last());
          check(kernels, values, "logits", a.logits());
        }
      }
    }
  }

  private static void check(
      Kernels kernels, JsonNode values, int blocks, Activations a, Scratch ofLastRow) {
    String block = blocks - 1 + ".";
    check(kernels, values, block + "q_rope", ofLastRow.q());
    check(kernels, values, block + "k_rope", a.upper().k());
    check(kernels, values, block + "v", a.upper().v());
    check(kernels, values, block + "attn", ofLastRow.attnOut());
    check(kernels, values, block + "after_ffn", ofLastRow.x());
  }

  /** The first blocks of a model. */
  private static LlamaModel cut(LlamaModel model, int blocks) {
    LlamaConfig config = model.config();
    LlamaWeights weights = model.weights();
    return new LlamaModel(
        new LlamaConfig(
            config.hiddenSize(),
            config.intermediateSize(),
            blocks,
            config.numHeads(),
            config.numKvHeads(),
            config.headDim(),
            config.vocabSize(),
            config.contextLength(),
            config.rmsNormEps(),
            config.ropeTheta(),
            config.ropeScaling(),
            config.ropePairing()),
        new LlamaWeights(
            weights.tokenEmbedding(),
            weights.layers().subList(0, blocks),
            weights.outputNorm(),
            weights.output(),
            weights.isTied()),
        model.placement());
  }

  private static Activations run(LlamaModel model, JsonNode ids, boolean allWanted) {
    Activations a = model.newActivations();
    try (KvCache cache = model.newCache(TensorType.F32, ids.size())) {
      Batch batch = new Batch();
      for (int i = 0; i < ids.size(); i++) {
        batch.add(cache, ids.get(i).asInt(), allWanted || i == ids.size() - 1);
      }
      model.forward(batch, a);
      return a;
    }
  }

  /** Compares the last row. */
  private static void check(Kernels kernels, JsonNode values, String name, Tensor actual) {
    JsonNode expected = values.get(name);
    float[] row = new float[actual.columns()];
    kernels.read(actual, actual.rows() - 1, row, 0);
    assertThat(row.length).as(name).isEqualTo(expected.size());
    double size = 0;
    double worst = 0;
    int at = 0;
    for (int i = 0; i < row.length; i++) {
      size = Math.max(size, Math.abs(expected.get(i).asDouble()));
      double error = Math.abs(row[i] - expected.get(i).asDouble());
      if (!(error <= worst)) { // a NaN is the worst
        worst = error;
        at = i;
      }
    }
    assertThat(worst / size)
        .as("%s: worst at %d, %s instead of %s", name, at, row[at], expected.get(at))
        .isLessThan(TOLERANCE);
  }
}
