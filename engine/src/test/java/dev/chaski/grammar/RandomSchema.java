package dev.chaski.grammar;

import java.util.List;
import java.util.Random;
import java.util.StringJoiner;

/** Makes schemas of all kinds that are supported, each with at least one valid value. */
final class RandomSchema {
  private static final String[] NAMES = {"a", "ab", "name", "é", "x y", "quo\\\"te", "日本"};
  private static final String[] PATTERNS = {
    "^[a-z]+$",
    "^\\\\d{3}-\\\\d{4}$",
    "^(yes|no)$",
    "[A-Z]",
    "^a.c$",
    "é+",
    "^[^\\\"\\\\\\\\]{1,5}$",
    "^\\\\w+@"
  };

  private final Random random;

  private RandomSchema(Random random) {
    this.random = random;
  }

  /** A schema with definitions {@code leaf} and {@code tree}, which refers to itself. */
  static String of(Random random) {
    RandomSchema schema = new RandomSchema(random);
    String body = schema.schema(3);
    String definitions =
        "\"$defs\": {\"leaf\": %s, \"tree\": {\"type\": \"object\", \"properties\": {\"v\": %s, \"kids\":"
                .formatted(schema.scalar(), schema.scalar())
            + " {\"type\": \"array\", \"items\": {\"$ref\": \"#/$defs/tree\"}, \"maxItems\": 2}},"
            + " \"required\": [\"v\"]}}";
    return body.equals("{}")
        ? "{" + definitions + "}"
        : body.replaceFirst(
            "\\{", "{" + java.util.regex.Matcher.quoteReplacement(definitions) + ", ");
  }

  private String schema(int depth) {
    return switch (random.nextInt(depth == 0 ? 5 : 12)) {
      case 0, 1, 2 -> scalar();
      case 3 -> "{\"$ref\": \"#/$defs/" + pick("leaf", "tree") + "\"}";
      case 4 -> "{\"enum\": [1, \"two\", null, [3.5, {\"four\": true}], \"f\\u00fcnf\\n\"]}";
      case 5, 6, 7 -> object(depth - 1);
      case 8 -> array(depth - 1);
      case 9 -> tuple(depth - 1);
      case 10 -> "{\"anyOf\": [" + schema(depth - 1) + ", " + schema(depth - 1) + "]}";
      default ->
          pick(
              "{\"allOf\": [%s, {\"properties\": {\"extra\": %s}, \"required\": [\"extra\"]}]}"
                  .formatted(object(depth - 1), schema(depth - 1)),
              "{\"allOf\": [%s, %s]}".formatted(array(depth - 1), tuple(depth - 1)));
    };
  }

  private String scalar() {
    return switch (random.nextInt(11)) {
      case 0 -> "{\"type\": \"string\"}";
      case 1 -> {
        int min = random.nextInt(4);
        yield "{\"type\": \"string\", \"minLength\": %d, \"maxLength\": %d}"
            .formatted(min, min + random.nextInt(30));
      }
      case 2 -> "{\"type\": \"string\", \"pattern\": \"" + pick(PATTERNS) + "\"}";
      case 3 -> "{\"type\": \"string\", \"format\": \"" + pick("date", "date-time", "uuid") + "\"}";
      case 4 -> "{\"type\": \"integer\"}";
      case 5 -> {
        int min = random.nextInt(-200, 200);
        yield "{\"type\": \"integer\", \"%s\": %d, \"maximum\": %d}"
            .formatted(pick("minimum", "exclusiveMinimum"), min, min + 1 + random.nextInt(5_000));
      }
      case 6 -> {
        double min = random.nextInt(-2_000, 2_000) / 100.0;
        yield "{\"type\": \"number\", \"minimum\": %s, \"%s\": %s}"
            .formatted(min, pick("maximum", "exclusiveMaximum"), min + 0.25);
      }
      case 7 -> "{\"type\": \"number\", \"multipleOf\": " + pick("1", "0.1", "0.01") + "}";
      case 8 -> "{\"type\": [\"number\", \"null\", \"boolean\"]}";
      case 9 -> "{\"const\": " + pick("\"c\\\"\"", "-1.50", "true", "{\"k\": []}") + "}";
      default ->
          "{\"oneOf\": [{\"type\": \"integer\", \"minimum\": 3}, {\"type\": \"string\","
              + " \"maxLength\": 5}, {\"const\": null}]}";
    };
  }

  private String object(int depth) {
    StringJoiner properties = new StringJoiner(", ", "{", "}");
    StringJoiner required = new StringJoiner(", ", "[", "]");
    for (String name : NAMES) {
      if (random.nextInt(2) == 0) {
        properties.add("\"" + name + "\": " + schema(depth));
        if (random.nextInt(2) == 0) {
          required.add("\"" + name + "\"");
        }
      }
    }
    String additional =
        switch (random.nextInt(3)) {
          case 0 -> ", \"additionalProperties\": " + schema(depth);
          default -> "";
        };
    return "{\"type\": \"object\", \"properties\": %s, \"required\": %s%s}"
        .formatted(properties, required, additional);
  }

  private String array(int depth) {
    int min = random.nextInt(3);
    return "{\"type\": \"array\", \"items\": %s, \"minItems\": %d, \"maxItems\": %d}"
        .formatted(schema(depth), min, min + random.nextInt(4));
  }

  private String tuple(int depth) {
    return "{\"type\": \"array\", \"prefixItems\": [%s, %s], \"items\": %s, \"minItems\": %d}"
        .formatted(schema(depth), schema(depth), pick("false", schema(depth)), random.nextInt(3));
  }

  private String pick(String... choices) {
    return List.of(choices).get(random.nextInt(choices.length));
  }
}
