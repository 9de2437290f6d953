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
    try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), line)) {
      parser.nextToken();
      return parseObject(parser, false);
    }
  }

  /** The objects in the array {@code prompts} of a document; special tokens are parsed in them. */
  static List<GoldenRow> parsePrompts(String document) {
    Stream.Builder<GoldenRow> rows = Stream.builder();
    try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), document)) {
      parser.nextToken();
      while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
        boolean prompts = parser.currentName().equals("prompts");
        parser.nextToken();
        if (prompts) {
          while (parser.nextToken() == JsonToken.START_OBJECT) {
            rows.add(parseObject(parser, true));
          }
        } else {
          parser.skipChildren();
        }
      }
    }
    return rows.build().toList();
  }

  private static GoldenRow parseObject(JsonParser parser, boolean specialUnlessSaid) {
    String text = null;
    boolean special = specialUnlessSaid;
    Stream.Builder<Integer> ids = Stream.builder();
    String category = "";
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
