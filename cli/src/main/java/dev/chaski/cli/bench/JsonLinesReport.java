package dev.chaski.cli.bench;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import tools.jackson.core.io.JsonStringEncoder;

/** An object on each line. */
final class JsonLinesReport implements BenchReport {
  @Override
  public String row(BenchRow row) {
    return object(row.fields()) + "\n";
  }

  @Override
  public String end() {
    return "";
  }

  /** An object of texts, finite numbers, and lists of them. */
  static String object(Map<String, Object> fields) {
    return fields.entrySet().stream()
        .map(field -> value(field.getKey()) + ": " + value(field.getValue()))
        .collect(Collectors.joining(", ", "{", "}"));
  }

  private static String value(Object value) {
    return switch (value) {
      case Number number -> number.toString();
      case List<?> list ->
          list.stream().map(JsonLinesReport::value).collect(Collectors.joining(", ", "[", "]"));
      default ->
          '"'
              + new String(JsonStringEncoder.getInstance().quoteAsCharArray(value.toString()))
              + '"';
    };
  }
}
