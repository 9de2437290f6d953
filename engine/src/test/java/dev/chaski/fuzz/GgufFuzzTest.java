package dev.chaski.fuzz;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.chaski.gguf.GgufProbe;
import dev.chaski.kernels.Kernels;
import dev.chaski.kernels.KernelsChoice;
import dev.chaski.kernels.KernelsOptions;
import dev.chaski.kernels.TensorType;
import dev.chaski.load.GgufLoader;
import dev.chaski.load.LlamaGguf;
import dev.chaski.load.LlamaShape;
import dev.chaski.load.LoadedModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.provider.MethodSource;

/** A GGUF file: all that its header offers, and the model it makes. */
class GgufFuzzTest {
  @TempDir static Path folder;
  private static Kernels kernels;

  @BeforeAll
  static void start() {
    kernels = KernelsChoice.named("scalar").provider().create(new KernelsOptions(1));
  }

  @AfterAll
  static void stop() {
    kernels.close();
  }

  /** Small models, so that a mutation hits what matters. */
  static List<byte[]> seeds() throws IOException {
    Path temporary = Files.createTempFile("seed", ".gguf");
    try {
      List<byte[]> seeds = new ArrayList<>();
      for (LlamaShape.Rope rope : LlamaShape.Rope.values()) {
        LlamaShape shape =
            new LlamaShape("tiny", 2, 2, 1, 1, 1, 2, 259, true, rope, TensorType.F16);
        new LlamaGguf(shape, 1)
            .key("tokenizer.chat_template", "{{ messages[0].content }}")
            .writeTo(temporary);
        seeds.add(Files.readAllBytes(temporary));
        new LlamaGguf(shape, 1)
            .withoutKey("tokenizer.ggml.tokens")
            .withoutKey("tokenizer.ggml.token_type")
            .writeTo(temporary);
        seeds.add(Files.readAllBytes(temporary));
      }
      return seeds;
    } finally {
      Files.delete(temporary);
    }
  }

  @MethodSource("seeds")
  @FuzzTest
  void fileIsReadOrRefused(byte[] data) throws Exception {
    Path file = Files.write(folder.resolve("model.gguf"), data);
    Hostile.use(() -> GgufProbe.readAll(file));
    Hostile.use(() -> {
      try (LoadedModel loaded = GgufLoader.load(file, kernels)) {
        loaded.tokenizer().tokenizer().encode("a b");
      }
    });
  }
}
