package dev.chaski.model;

import dev.chaski.gguf.GgufFile;
import dev.chaski.gguf.GgufWriter;
import dev.chaski.kernels.Kernels;
import dev.chaski.kernels.KernelsChoice;
import dev.chaski.kernels.KernelsOptions;
import dev.chaski.kernels.TensorType;
import dev.chaski.load.HuggingFaceLoader;
import dev.chaski.load.LoadedModel;
import dev.chaski.load.TinyCheckpoint;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Checkpoints of every form of storage against a forward pass in double precision, which gets their
 * weights from the test as floats, with the rows of Q and K in GGUF's order.
 */
class HuggingFaceForwardTest {
  private static final long SEED = 20260401;

  /** Weights are near 1 / √n, so logits near 1; sums of 80 floats lose some 1e-6. */
  private static final double TOLERANCE = 2e-5;

  private static final Map<String, String> GGUF_NAMES =
      Map.ofEntries(
          Map.entry("model.embed_tokens.weight", "token_embd.weight"),
          Map.entry("model.norm.weight", "output_norm.weight"),
          Map.entry("lm_head.weight", "output.weight"),
          Map.entry("input_layernorm.weight", "attn_norm.weight"),
          Map.entry("self_attn.q_proj.weight", "attn_q.weight"),
          Map.entry("self_attn.k_proj.weight", "attn_k.weight"),
          Map.entry("self_attn.v_proj.weight", "attn_v.weight"),
          Map.entry("self_attn.o_proj.weight", "attn_output.weight"),
          Map.entry("post_attention_layernorm.weight", "ffn_norm.weight"),
          Map.entry("mlp.gate_proj.weight", "ffn_gate.weight"),
          Map.entry("mlp.up_proj.weight", "ffn_up.weight"),
          Map.entry("mlp.down_proj.weight", "ffn_down.weight"));

  @TempDir private Path folder;

  static Stream<Arguments> runs() {
    List<Arguments> runs = new ArrayList<>();
    for (TinyCheckpoint.Form form : TinyCheckpoint.Form.values()) {
      runs.add(Arguments.of(form, "vector"));
      runs.add(Arguments.of(form, "scalar"));
    }
    return runs.stream();
  }

  @ParameterizedTest(name = "{0}, {1}")
  @MethodSource("runs")
  void agreesWithDoublePrecision(TinyCheckpoint.Form form, String kernelsName) throws IOException {
    boolean tied = form == TinyCheckpoint.Form.F16 || form == TinyCheckpoint.Form.FP8_ROWS;
    RopeScaling scaling = new RopeScaling.Llama3(8, 1, 4, 16);
    TinyCheckpoint checkpoint =
        new TinyCheckpoint(form, tied, SEED)
            .config(
                "rope_scaling",
                Map.of(
                    "rope_type", "llama3",
                    "factor", 8.0,
                    "low_freq_factor", 1.0,
                    "high_freq_factor", 4.0,
                    "original_max_position_embeddings", 16));
    int[] ids = new Random(SEED).ints(24, 0, 259).toArray();
    double[][] expected;
    try (GgufFile reference = GgufFile.open(writeReference(checkpoint))) {
      expected = new Float64Llama(reference, scaling).logits(ids);
    }
    try (Kernels kernels =
            KernelsChoice.named(kernelsName).provider().create(new KernelsOptions(2));
        LoadedModel loaded = HuggingFaceLoader.load(checkpoint.writeTo(folder), kernels)) {
      float[][] atOnce = LogitsRun.logits(loaded.model(), TensorType.F32, ids);
      LogitsAssert.assertClose("in one pass", atOnce, expected, TOLERANCE);
      float[][] oneByOne = LogitsRun.logitsOneByOne(loaded.model(), TensorType.F32, ids);
      LogitsAssert.assertClose("one by one", oneByOne, expected, TOLERANCE);
    }
  }

  /** The same model as GGUF, all in F32, for {@link Float64Llama}. */
  private Path writeReference(TinyCheckpoint checkpoint) throws IOException {
    GgufWriter writer =
        new GgufWriter()
            .putUint32("llama.block_count", TinyCheckpoint.LAYERS)
            .putUint32("llama.attention.head_count", TinyCheckpoint.HEADS)
            .putUint32("llama.attention.head_count_kv", TinyCheckpoint.KV_HEADS)
            .putUint32("llama.attention.key_length", TinyCheckpoint.HEAD_DIM)
            .putFloat("llama.attention.layer_norm_rms_epsilon", 1e-5f)
            .putFloat("llama.rope.freq_base", 500);
    checkpoint
        .values()
        .forEach((name, values) -> {
          boolean rotated = name.contains("q_proj") || name.contains("k_proj");
          int columns = columns(name, values.length);
          float[] rows = rotated ? neighbours(values, columns) : values;
          byte[] bytes = new byte[4 * rows.length];
          ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().put(rows);
          writer.addTensor(
              ggufName(name),
              TensorType.F32,
              List.of((long) columns, (long) rows.length / columns),
              MemorySegment.ofArray(bytes));
        });
    Path file = folder.resolve("reference.gguf");
    writer.writeTo(file);
    return file;
  }

  private static int columns(String name, int size) {
    if (name.contains("norm")) {
      return size;
    }
    if (name.contains("o_proj")) {
      return TinyCheckpoint.HEADS * TinyCheckpoint.HEAD_DIM;
    }
    return name.contains("down_proj") ? TinyCheckpoint.INTERMEDIATE : TinyCheckpoint.HIDDEN;
  }

  private static String ggufName(String name) {
    String layer = "model.layers.";
    if (!name.startsWith(layer)) {
      return GGUF_NAMES.get(name);
    }
    int dot = name.indexOf('.', layer.length());
    return "blk."
        + name.substring(layer.length(), dot)
        + "."
        + GGUF_NAMES.get(name.substring(dot + 1));
  }

  /** Rows i and i + 8 of each head of 16 next to each other. */
  private static float[] neighbours(float[] values, int columns) {
    int half = TinyCheckpoint.HEAD_DIM / 2;
    float[] out = new float[values.length];
    for (int head = 0; head < values.length; head += TinyCheckpoint.HEAD_DIM * columns) {
      for (int i = 0; i < half; i++) {
        System.arraycopy(values, head + i * columns, out, head + 2 * i * columns, columns);
        System.arraycopy(
            values, head + (i + half) * columns, out, head + (2 * i + 1) * columns, columns);
      }
    }
    return out;
  }
}
