package dev.chaski.grammar;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Which keywords of JSON Schema (draft 2020-12) mean what here. */
final class SchemaKeywords {
  /** The keywords that say something about values of one type only. */
  static final Map<String, Set<String>> OF_TYPE =
      Map.of(
          "object",
          Set.of(
              "properties", "required", "additionalProperties", "minProperties", "maxProperties"),
          "array",
          Set.of("items", "prefixItems", "minItems", "maxItems"),
          "string",
          Set.of("minLength", "maxLength", "pattern", "format"),
          "number",
          Set.of("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"));

  private static final Set<String> GENERAL =
      Set.of("type", "enum", "const", "anyOf", "oneOf", "allOf", "$ref");

  /** Keywords that constrain values and cannot be followed. */
  private static final Set<String> UNSUPPORTED =
      Set.of(
          "not",
          "if",
          "dependentSchemas",
          "dependentRequired",
          "dependencies",
          "patternProperties",
          "propertyNames",
          "uniqueItems",
          "contains",
          "unevaluatedProperties",
          "unevaluatedItems",
          "additionalItems",
          "$dynamicRef",
          "$recursiveRef");

  private SchemaKeywords() {}

  /**
   * Whether a keyword leaves open which values are valid; unknown ones do, as the standard says.
   */
  static boolean isAnnotation(String keyword) {
    return !GENERAL.contains(keyword)
        && !UNSUPPORTED.contains(keyword)
        && OF_TYPE.values().stream().noneMatch(keywords -> keywords.contains(keyword));
  }

  /** A keyword that cannot be followed, with its value; one that changes nothing is left alone. */
  static Optional<String> unsupported(Map<String, Object> schema) {
    return schema.entrySet().stream()
        .filter(entry -> UNSUPPORTED.contains(entry.getKey()))
        .filter(entry -> !changesNothing(entry.getKey(), entry.getValue()))
        .map(Map.Entry::getKey)
        .findFirst();
  }

  private static boolean changesNothing(String keyword, Object value) {
    return switch (keyword) {
      case "not", "uniqueItems" -> Boolean.FALSE.equals(value);
      case "unevaluatedProperties", "unevaluatedItems", "propertyNames", "additionalItems" ->
          Boolean.TRUE.equals(value);
      case "patternProperties", "dependentSchemas", "dependentRequired", "dependencies" ->
          value instanceof Map<?, ?> map && map.isEmpty();
      default -> false;
    };
  }

  /** A schema or another object, if that is what the value is. */
  @SuppressWarnings("unchecked") // the keys of JSON objects are strings
  static Optional<Map<String, Object>> object(Object value) {
    return value instanceof Map<?, ?> map
        ? Optional.of((Map<String, Object>) map)
        : Optional.empty();
  }

  /** The values of a list, if that is what the value is. */
  static Optional<List<?>> list(Object value) {
    return value instanceof List<?> list ? Optional.of(list) : Optional.empty();
  }
}
