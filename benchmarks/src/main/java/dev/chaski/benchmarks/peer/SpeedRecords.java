package dev.chaski.benchmarks.peer;

import dev.chaski.format.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** The file of results: {@code {"rows": [...]}}, the latest of each test on each model. */
final class SpeedRecords {
  private static final int MOST_BYTES = 16 << 20;

  private SpeedRecords() {}

  /** The rows of a file; none if there is no file. */
  static List<SpeedRecord> read(Path file) throws IOException {
    List<SpeedRecord> rows = new ArrayList<>();
    if (Files.exists(file)) {
      for (JsonObject row : JsonObject.read(file, MOST_BYTES).findObjects("rows")) {
        rows.add(SpeedRecord.from(row));
      }
    }
    return rows;
  }

  /** Adds a row; one of the same test goes. */
  static void add(Path file, SpeedRecord row) throws IOException {
    List<SpeedRecord> rows = read(file);
    int at = rows.size();
    for (int i = 0; i < rows.size(); i++) {
      at = rows.get(i).isOfTheSame(row) ? i : at;
    }
    if (at < rows.size()) {
      rows.set(at, row);
    } else {
      rows.add(row);
    }
    Files.writeString(
        file,
        rows.stream()
            .map(SpeedRecord::json)
            .collect(Collectors.joining(",\n    ", "{\n  \"rows\": [\n    ", "\n  ]\n}\n")));
  }
}
