package dev.chaski.cli.bench;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Comma-separated values, all quoted (RFC 4180); the lists of samples are left out. */
final class CsvReport implements BenchReport {
  private boolean hasHead;

  @Override
  public String row(BenchRow row) {
    Map<String, Object> fields = row.fields();
    fields.values().removeIf(value -> value instanceof List<?>);
    String head = hasHead ? "" : String.join(",", fields.keySet()) + "\n";
    hasHead = true;
    return head
        + fields.values().stream()
            .map(value -> '"' + value.toString().replace("\"", "\"\"") + '"')
            .collect(Collectors.joining(",", "", "\n"));
  }

  @Override
  public String end() {
    return "";
  }
}
