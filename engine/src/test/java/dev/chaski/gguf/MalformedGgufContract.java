package dev.chaski.gguf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.chaski.SharedFiles;
import dev.chaski.format.ModelFormatException;
import dev.chaski.format.UnsupportedModelException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Hostile GGUF files against one layer of the program: {@code shared/vectors/malformed}. Files
 * whose fault belongs to a stage the layer does not look at may be opened or refused; in every case
 * quickly, and with no exception but ours.
 */
public abstract class MalformedGgufContract {
  private static final Duration LIMIT = Duration.ofSeconds(2);

  /** For the layers' own tests. */
  protected MalformedGgufContract() {}

  private record Row(String id, Path file, String stage, String expect, String reason) {}

  /** The stages whose faults this layer must find, such as {@code header} or {@code config}. */
  protected abstract Set<String> stages();

  /** Opens the file with the layer under test, uses what it offers, and closes it. */
  protected abstract void open(Path file) throws IOException;

  @TestFactory
  Stream<DynamicTest> files() throws IOException {
    return rows().stream()
        .map(row -> DynamicTest.dynamicTest(row.id() + ": " + row.reason(), () -> check(row)));
  }

  private void check(Row row) {
    IOException failure = assertTimeoutPreemptively(LIMIT, () -> failureOf(row.file()));
    if (failure != null) {
      assertThat(failure)
          .isInstanceOfAny(ModelFormatException.class, UnsupportedModelException.class)
          .hasMessageStartingWith(row.file().toString());
    }
    switch (row.expect()) {
      case "load" -> assertThat(failure).isNull();
      case "reject" -> assertThat(failure != null || !stages().contains(row.stage())).isTrue();
      default -> assertThat(row.expect()).isEqualTo("either");
    }
  }

  private IOException failureOf(Path file) {
    try {
      open(file);
      return null;
    } catch (IOException e) {
      return e;
    }
  }

  private static List<Row> rows() throws IOException {
    Path folder = SharedFiles.require("vectors/malformed");
    JsonNode manifest =
        JsonMapper.shared().readTree(Files.readAllBytes(folder.resolve("manifest.json")));
    List<Row> rows = new ArrayList<>();
    for (JsonNode row : manifest.get("gguf")) {
      rows.add(
          new Row(
              row.get("id").asString(),
              folder.resolve(row.get("file").asString()),
              row.get("stage").asString(),
              row.get("expect").asString(),
              row.get("reason").asString()));
    }
    return rows;
  }
}
