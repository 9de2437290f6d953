package dev.chaski.fuzz;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.chaski.kernels.Kernels;
import dev.chaski.kernels.KernelsChoice;
import dev.chaski.kernels.KernelsOptions;
import dev.chaski.load.HuggingFaceLoader;
import dev.chaski.load.LoadedModel;
import dev.chaski.load.TinyCheckpoint;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A Hugging Face folder in which one of the JSON files is a stranger's: the first byte says which.
 */
class CheckpointFuzzTest {
  private static final List<String> NAMES =
      List.of(
          "config.json",
          "generation_config.json",
          "tokenizer_config.json",
          "tokenizer.json",
          "model.safetensors.index.json");

  @TempDir static Path folder;
  private static Kernels kernels;

  @BeforeAll
  static void start() throws IOException {
    kernels = KernelsChoice.named("scalar").provider().create(new KernelsOptions(1));
    new TinyCheckpoint(TinyCheckpoint.Form.FP8_BLOCKS, true, 1).writeTo(folder);
  }

  @AfterAll
  static void stop() {
    kernels.close();
  }

  static List<byte[]> seeds() throws IOException {
    List<byte[]> seeds = new ArrayList<>();
    Path temporary = Files.createTempDirectory("seed");
    for (TinyCheckpoint.Form form :
        List.of(TinyCheckpoint.Form.BF16, TinyCheckpoint.Form.FP8_BLOCKS)) {
      new TinyCheckpoint(form, true, 1)
          .config(
              "rope_scaling",
              java.util.Map.of(
                  "rope_type",
                  "llama3",
                  "factor",
                  8.0,
                  "low_freq_factor",
                  1.0,
                  "high_freq_factor",
                  4.0,
                  "original_max_position_embeddings",
                  32))
          .file("generation_config.json", "{\"temperature\":0.6,\"top_p\":0.9,\"top_k\":50}")
          .file(
              "tokenizer_config.json",
              "{\"bos_token\":{\"content\":\"<|begin_of_text|>\"},\"chat_template\":"
                  + "[{\"name\":\"default\",\"template\":\"{{ messages }}\"}]}")
          .writeTo(temporary);
      for (String name : NAMES) {
        Path file = temporary.resolve(name);
        if (Files.exists(file)) {
          seeds.add(seed(name, Files.readAllBytes(file)));
        }
      }
    }
    seeds.add(
        seed(
            "model.safetensors.index.json",
            Hostile.bytes("{\"weight_map\":{\"model.norm.weight\":\"model.safetensors\"}}")));
    try (Stream<Path> files = Files.walk(temporary)) {
      for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
    return seeds;
  }

  private static byte[] seed(String name, byte[] content) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(NAMES.indexOf(name));
    out.writeBytes(content);
    return out.toByteArray();
  }

  @MethodSource("seeds")
  @FuzzTest
  void folderIsReadOrRefused(byte[] data) throws Exception {
    if (data.length == 0) {
      return;
    }
    Path file = folder.resolve(NAMES.get(Math.floorMod(data[0], NAMES.size())));
    byte[] before = Files.exists(file) ? Files.readAllBytes(file) : null;
    Files.write(file, Arrays.copyOfRange(data, 1, data.length));
    try {
      Hostile.use(() -> {
        try (LoadedModel loaded = HuggingFaceLoader.load(folder, kernels)) {
          loaded.chatTemplate();
          loaded.tokenizer().tokenizer().encode("a b");
        }
      });
    } finally {
      if (before == null) {
        Files.delete(file);
      } else {
        Files.write(file, before);
      }
    }
  }
}
