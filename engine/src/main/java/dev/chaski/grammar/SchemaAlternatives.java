package dev.chaski.grammar;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Tells whether the alternatives of {@code oneOf} exclude one another: a grammar can say "any of",
 * which is the same then.
 */
final class SchemaAlternatives {
  private static final int MAX_DEPTH = 10;

  private final SchemaDocument document;

  SchemaAlternatives(SchemaDocument document) {
    this.document = document;
  }

  /**
   * Checks the alternatives of a schema.
   *
   * @throws GrammarException if two of them may hold for one value, as far as can be seen
   */
  void checkApart(Map<String, Object> schema, List<?> parts) {
    for (int i = 0; i < parts.size(); i++) {
      for (int j = i + 1; j < parts.size(); j++) {
        if (!areApart(parts.get(i), parts.get(j), 0)) {
          throw document.fault(
              schema,
              "oneOf",
              "has the alternatives %d and %d, which may hold both for all we can see; use anyOf, or"
                      .formatted(i, j)
                  + " tell them apart by type or by a required property with const");
        }
      }
    }
  }

  private boolean areApart(Object a, Object b, int depth) {
    if (Boolean.FALSE.equals(a) || Boolean.FALSE.equals(b)) {
      return true;
    }
    Map<String, Object> first = resolved(a);
    Map<String, Object> second = resolved(b);
    if (depth > MAX_DEPTH) {
      return false;
    }
    return alternativesAreApart(first, second, depth)
        || alternativesAreApart(second, first, depth)
        || valuesAreApart(first, second)
        || objectsAreApart(first, second, depth);
  }

  private boolean alternativesAreApart(Map<String, Object> a, Map<String, Object> b, int depth) {
    for (String keyword : List.of("anyOf", "oneOf")) {
      if (a.get(keyword) instanceof List<?> parts
          && parts.stream().allMatch(part -> areApart(part, b, depth + 1))) {
        return true;
      }
    }
    return false;
  }

  private Map<String, Object> resolved(Object schema) {
    Map<String, Object> keywords = SchemaKeywords.object(schema).orElse(Map.of());
    for (int i = 0; i < MAX_DEPTH && keywords.get("$ref") instanceof String reference; i++) {
      Object target = document.resolve(keywords, reference);
      keywords = SchemaKeywords.object(target).orElse(Map.of());
    }
    return keywords;
  }

  private static boolean valuesAreApart(Map<String, Object> a, Map<String, Object> b) {
    Set<String> common = types(a);
    common.retainAll(types(b));
    if (common.isEmpty()) {
      return true;
    }
    List<?> ofA = values(a);
    List<?> ofB = values(b);
    return ofA != null && ofB != null && ofA.stream().noneMatch(ofB::contains);
  }

  /** The values that are listed, or null. */
  private static List<?> values(Map<String, Object> schema) {
    if (schema.containsKey("const")) {
      List<Object> only = new ArrayList<>();
      only.add(schema.get("const"));
      return only;
    }
    return schema.get("enum") instanceof List<?> list ? list : null;
  }

  private static Set<String> types(Map<String, Object> schema) {
    Set<String> types = new HashSet<>();
    List<?> values = values(schema);
    if (values != null) {
      values.forEach(value -> types.add(typeOf(value)));
    } else {
      Object given = schema.get("type");
      List<?> names =
          given instanceof List<?> list
              ? list
              : given == null
                  ? List.of("object", "array", "string", "number", "boolean", "null")
                  : List.of(given);
      names.forEach(name -> types.add(name.equals("integer") ? "number" : String.valueOf(name)));
    }
    return types;
  }

  private static String typeOf(Object value) {
    return switch (value) {
      case null -> "null";
      case String _ -> "string";
      case Boolean _ -> "boolean";
      case List<?> _ -> "array";
      case Map<?, ?> _ -> "object";
      case Object _ -> "number";
    };
  }

  private boolean objectsAreApart(Map<String, Object> a, Map<String, Object> b, int depth) {
    Set<String> common = types(a);
    common.retainAll(types(b));
    if (!common.equals(Set.of("object"))) {
      return false;
    }
    for (Object name : required(a)) {
      boolean inBoth = properties(a).containsKey(name) && properties(b).containsKey(name);
      if (inBoth
          && required(b).contains(name)
          && areApart(properties(a).get(name), properties(b).get(name), depth + 1)) {
        return true;
      }
    }
    return forbidsOneOf(b, required(a)) || forbidsOneOf(a, required(b));
  }

  private static boolean forbidsOneOf(Map<String, Object> schema, List<?> names) {
    return Boolean.FALSE.equals(schema.get("additionalProperties"))
        && names.stream().anyMatch(name -> !properties(schema).containsKey(name));
  }

  private static List<?> required(Map<String, Object> schema) {
    return SchemaKeywords.list(schema.get("required")).orElse(List.of());
  }

  private static Map<String, Object> properties(Map<String, Object> schema) {
    return SchemaKeywords.object(schema.get("properties")).orElse(Map.of());
  }
}
