package dev.chaski.benchmarks.peer;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.io.JsonStringEncoder;

/** A JSON object, field by field. */
final class JsonText {
  private final List<String> fields = new ArrayList<>();

  JsonText put(String name, String value) {
    fields.add(quoted(name) + ": " + quoted(value));
    return this;
  }

  JsonText put(String name, double value) {
    boolean isWhole = value == Math.rint(value) && Math.abs(value) < 1e15;
    fields.add(
        quoted(name) + ": " + (isWhole ? Long.toString((long) value) : Double.toString(value)));
    return this;
  }

  JsonText put(String name, boolean value) {
    fields.add(quoted(name) + ": " + value);
    return this;
  }

  private static String quoted(String text) {
    return '"' + new String(JsonStringEncoder.getInstance().quoteAsCharArray(text)) + '"';
  }

  @Override
  public String toString() {
    return "{" + String.join(", ", fields) + "}";
  }
}
