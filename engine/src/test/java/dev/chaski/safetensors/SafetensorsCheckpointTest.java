package dev.chaski.safetensors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.chaski.format.ModelFormatException;
import dev.chaski.format.UnsupportedModelException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SafetensorsCheckpointTest {
  private static final String FIRST = "model-00001-of-00002.safetensors";
  private static final String SECOND = "model-00002-of-00002.safetensors";

  @TempDir private Path folder;

  private void shard(String name, String... tensors) throws IOException {
    SafetensorsBuilder builder = new SafetensorsBuilder();
    for (String tensor : tensors) {
      builder.add(tensor, "F16", List.of(1), new byte[2]);
    }
    builder.writeTo(folder.resolve(name));
  }

  /** Tensors and files, one after the other. */
  private Path index(String... map) throws IOException {
    StringBuilder json = new StringBuilder("{\"metadata\":{\"total_size\":4},\"weight_map\":{");
    for (int i = 0; i < map.length; i += 2) {
      json.append(i == 0 ? "" : ",").append("\"%s\":\"%s\"".formatted(map[i], map[i + 1]));
    }
    return Files.writeString(folder.resolve("model.safetensors.index.json"), json.append("}}"));
  }

  private void shards() throws IOException {
    shard(FIRST, "a", "extra");
    shard(SECOND, "b");
    index("a", FIRST, "b", SECOND);
  }

  @Test
  void singleFile() throws IOException {
    shard("model.safetensors", "a", "b");
    for (Path path : List.of(folder, folder.resolve("model.safetensors"))) {
      try (SafetensorsCheckpoint checkpoint = SafetensorsCheckpoint.open(path)) {
        assertThat(checkpoint.files()).containsExactly(folder.resolve("model.safetensors"));
        assertThat(checkpoint.tensors()).hasSize(2);
        assertThat(checkpoint.tensor("b")).isPresent();
        assertThat(checkpoint.tensor("c")).isEmpty();
      }
    }
  }

  @Test
  void shardsOfAnIndexAndWhatElseTheyHold() throws IOException {
    shards();
    for (Path path : List.of(folder, folder.resolve(SECOND))) {
      try (SafetensorsCheckpoint checkpoint = SafetensorsCheckpoint.open(path)) {
        assertThat(checkpoint.files())
            .containsExactly(folder.resolve(FIRST), folder.resolve(SECOND));
        assertThat(checkpoint.tensors())
            .extracting(SafetensorsTensor::name)
            .containsExactly("a", "extra", "b");
        assertThat(checkpoint.byteSize())
            .isEqualTo(Files.size(folder.resolve(FIRST)) + Files.size(folder.resolve(SECOND)));
      }
    }
  }

  @Test
  void shardWithoutIndexIsAFileByItself() throws IOException {
    shard(FIRST, "a");
    try (SafetensorsCheckpoint checkpoint = SafetensorsCheckpoint.open(folder.resolve(FIRST))) {
      assertThat(checkpoint.tensors()).hasSize(1);
    }
  }

  @Test
  void linksAreFollowed() throws IOException {
    Path cache = Files.createDirectory(folder.resolve("blobs"));
    new SafetensorsBuilder()
        .add("a", "F16", List.of(1), new byte[2])
        .writeTo(cache.resolve("c0ffee"));
    Files.createSymbolicLink(folder.resolve("model.safetensors"), cache.resolve("c0ffee"));
    try (SafetensorsCheckpoint checkpoint = SafetensorsCheckpoint.open(folder)) {
      assertThat(checkpoint.tensors()).hasSize(1);
    }
  }

  @Test
  void missingShardIsNamed() throws IOException {
    shards();
    Files.delete(folder.resolve(SECOND));
    assertRefused("'weight_map.b' names the file '" + SECOND + "', which is not in this folder");
  }

  @Test
  void tensorInTwoShardsIsRefused() throws IOException {
    shards();
    shard(SECOND, "b", "a");
    assertRefused("tensor 'a' is also in " + folder.resolve(FIRST));
  }

  @Test
  void tensorInAnotherShardIsRefused() throws IOException {
    shards();
    index("a", SECOND, "b", FIRST);
    assertRefused("tensor 'a' is not in " + SECOND + ", where the index says it is");
  }

  @Test
  void tensorInNoShardIsRefused() throws IOException {
    shards();
    index("a", FIRST, "b", SECOND, "c", SECOND);
    assertRefused("tensor 'c' is not in " + SECOND);
  }

  @Test
  void nameTwiceInTheIndexIsRefused() throws IOException {
    shards();
    index("a", FIRST, "a", SECOND);
    assertRefused("not well-formed JSON", "Duplicate");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ".",
        "..",
        "../x.safetensors",
        "/etc/passwd",
        "sub/x.safetensors",
        "C:x",
        "a\\\\b",
        "a\\u0000b",
        "a\\nb",
        "\\ud800.safetensors"
      })
  void pathsOutOfTheFolderAreRefused(String name) throws IOException {
    shards();
    index("a", FIRST, "b", name);
    assertRefused("'weight_map.b' names the file '");
  }

  @Test
  void folderWithoutWeightsIsRefused() throws IOException {
    assertRefused("neither model.safetensors nor model.safetensors.index.json");
    Files.createFile(folder.resolve("pytorch_model.bin"));
    assertThatThrownBy(() -> SafetensorsCheckpoint.open(folder))
        .isInstanceOf(UnsupportedModelException.class)
        .hasMessageContaining("pytorch_model.bin")
        .hasMessageContaining("supported are safetensors and GGUF");
  }

  private void assertRefused(String... reasons) {
    assertThatThrownBy(() -> SafetensorsCheckpoint.open(folder))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageStartingWith(folder.toString())
        .hasMessageContainingAll(reasons);
  }
}
