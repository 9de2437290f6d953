package dev.chaski.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.chaski.SharedFiles;
import dev.chaski.format.ModelFormatException;
import dev.chaski.format.UnsupportedModelException;
import dev.chaski.kernels.Kernels;
import dev.chaski.kernels.KernelsChoice;
import dev.chaski.kernels.KernelsOptions;
import dev.chaski.kernels.TensorType;
import dev.chaski.model.Activations;
import dev.chaski.model.Batch;
import dev.chaski.model.KvCache;
import dev.chaski.model.LlamaModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Hostile checkpoints: {@code shared/vectors/malformed}. Each must load or fail as its row says,
 * quickly, and with no exception but ours.
 */
class MalformedCheckpointTest {
  private static final Duration LIMIT = Duration.ofSeconds(2);

  @TempDir private Path temporary;

  @TestFactory
  Stream<DynamicTest> checkpoints() throws IOException {
    Path folder = SharedFiles.require("vectors/malformed");
    JsonNode manifest =
        JsonMapper.shared().readTree(Files.readAllBytes(folder.resolve("manifest.json")));
    return StreamSupport.stream(manifest.get("safetensors").spliterator(), false)
        .map(row ->
            DynamicTest.dynamicTest(
                row.get("id").asString() + ": " + row.get("reason").asString(),
                () -> check(folder, row)));
  }

  private void check(Path folder, JsonNode row) throws IOException {
    Path checkpoint = temporary.resolve(row.get("id").asString());
    build(folder, row, checkpoint);
    IOException failure = assertTimeoutPreemptively(LIMIT, () -> failureOf(checkpoint));
    if (failure != null) {
      assertThat(failure)
          .isInstanceOfAny(ModelFormatException.class, UnsupportedModelException.class)
          .hasMessageStartingWith(checkpoint.toString());
    }
    switch (row.get("expect").asString()) {
      case "load" -> assertThat(failure).isNull();
      case "reject" -> assertThat(failure).isNotNull();
      default -> assertThat(row.get("expect").asString()).isEqualTo("either");
    }
  }

  /** The base, with the files of the row laid over it and some removed. */
  private static void build(Path folder, JsonNode row, Path target) throws IOException {
    Files.createDirectory(target);
    try (Stream<Path> files = Files.list(folder.resolve(row.get("base").asString()))) {
      for (Path file : files.toList()) {
        Files.write(target.resolve(file.getFileName()), Files.readAllBytes(file));
      }
    }
    for (JsonNode name : row.get("files")) {
      Path file = folder.resolve(name.asString());
      Files.write(target.resolve(file.getFileName()), Files.readAllBytes(file));
    }
    for (JsonNode name : row.get("remove")) {
      Files.delete(target.resolve(name.asString()));
    }
  }

  /** Loads the model and runs a token through it. */
  private static IOException failureOf(Path checkpoint) {
    try (Kernels kernels = KernelsChoice.named("scalar").provider().create(new KernelsOptions(1));
        LoadedModel loaded = HuggingFaceLoader.load(checkpoint, kernels)) {
      LlamaModel model = loaded.model();
      Activations a = model.newActivations();
      try (KvCache cache = model.newCache(TensorType.F16, 1)) {
        Batch batch = new Batch();
        batch.add(cache, 0, true);
        model.forward(batch, a);
      }
      return null;
    } catch (IOException e) {
      return e;
    }
  }
}
