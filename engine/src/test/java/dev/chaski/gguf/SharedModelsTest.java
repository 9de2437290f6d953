package dev.chaski.gguf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import dev.chaski.SharedFiles;
import dev.chaski.format.UnsupportedModelException;
import dev.chaski.kernels.TensorType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collector;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Real files, written by other programs. */
class SharedModelsTest {
  @TestFactory
  Stream<DynamicTest> modelsHaveTheTensorTypesOfTheirIndex() throws IOException {
    Path folder = SharedFiles.require("vectors/models");
    JsonNode index = JsonMapper.shared().readTree(Files.readAllBytes(folder.resolve("index.json")));
    return index
        .get("models")
        .valueStream()
        .map(model -> {
          String name = model.get("file").asString();
          return DynamicTest.dynamicTest(name, () -> checkTypes(folder.resolve(name), model));
        });
  }

  private static void checkTypes(Path path, JsonNode model) throws IOException {
    Map<String, Long> expected = new TreeMap<>();
    model.get("tensor_types").forEachEntry((type, count) -> expected.put(type, count.asLong()));
    try (GgufFile file = openSupported(path, expected)) {
      assertThat(file.byteSize()).isEqualTo(model.get("bytes").asLong());
      assertThat(file.tensors().stream().collect(countByType())).isEqualTo(expected);
      assertThat(file.metadata().getString("general.architecture")).isEqualTo("llama");
    }
  }

  private static Collector<GgufTensor, ?, Map<String, Long>> countByType() {
    return Collectors.groupingBy(
        tensor -> tensor.type().name(), TreeMap::new, Collectors.counting());
  }

  /** A model with a type that is not read yet must be refused as such; then the test is skipped. */
  private static GgufFile openSupported(Path path, Map<String, Long> types) throws IOException {
    List<String> supported = Stream.of(TensorType.values()).map(Enum::name).toList();
    try {
      return GgufFile.open(path);
    } catch (UnsupportedModelException e) {
      assertThat(supported.containsAll(types.keySet())).as(e.getMessage()).isFalse();
      return abort("not supported yet: " + e.reason());
    }
  }

  @Test
  void criaHasItsShapes() throws IOException {
    for (String name : List.of("cria-f16.gguf", "cria-q8_0.gguf")) {
      Path path = SharedFiles.require("models/cria/" + name);
      try (GgufFile file = GgufFile.open(path)) {
        GgufMetadata metadata = file.metadata();
        GgufTensor embedding = file.tensor("token_embd.weight").orElseThrow();
        assertThat(embedding.columns()).isEqualTo(metadata.getInt("llama.embedding_length"));
        assertThat(embedding.rows()).isEqualTo(metadata.getStrings("tokenizer.ggml.tokens").size());
        assertThat(metadata.getInts("tokenizer.ggml.token_type")).hasSize((int) embedding.rows());
        assertThat(metadata.getFloat("llama.rope.freq_base")).isPositive();
        assertThat(file.tensors()).contains(embedding).allMatch(t -> t.file().equals(path));
      }
    }
  }
}
