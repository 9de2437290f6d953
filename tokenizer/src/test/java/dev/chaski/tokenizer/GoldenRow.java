package dev.chaski.tokenizer;

import java.util.List;
import java.util.stream.Stream;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/** A text and its ids by a reference, as a line of JSON has them. */
record GoldenRow(String text, boolean special, List<Integer> ids, String category) {
  private static final JsonFactory JSON = new JsonFactory();

  /** The rows of a file of JSON lines; texts may hold any line separator but a line feed. */
  static List<GoldenRow> parse(String lines) {
    return Stream.of(lines.split("\n")).map(GoldenRow::parseLine).toList();
  }

  private static GoldenRow parseLine(String line) {
    String text = null;
    boolean special = false;
    Stream.Builder<Integer> ids = Stream.builder();
    String category = "";
    try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), line)) {
      parser.nextToken();
      while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
        String name = parser.currentName();
        parser.nextToken();
        switch (name) {
          case "text" -> text = parser.getString();
          case "special" -> special = parser.getBooleanValue();
          case "cat" -> category = parser.getString();
          case "ids" -> {
            while (parser.nextToken() != JsonToken.END_ARRAY) {
              ids.add(parser.getIntValue());
            }
          }
          default -> parser.skipChildren();
        }
      }
    }
    return new GoldenRow(text, special, ids.build().toList(), category);
  }

  SpecialTokens mode() {
    return special ? SpecialTokens.PARSE : SpecialTokens.AS_TEXT;
  }

  int[] idArray() {
    return ids.stream().mapToInt(Integer::intValue).toArray();
  }

  @Override
  public String toString() {
    return category + (special ? " (special)" : "") + ": " + text;
  }
}
