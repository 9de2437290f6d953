package dev.chaski.grammar;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** Makes one schema of two that both must hold. */
final class SchemaMerger {
  private static final Set<String> CONNECTED = Set.of("properties", "additionalProperties");

  private final SchemaDocument document;

  SchemaMerger(SchemaDocument document) {
    this.document = document;
  }

  /**
   * The schema that holds where both do.
   *
   * @throws GrammarException if two keywords cannot be made one
   */
  Map<String, Object> merge(Map<String, Object> a, Map<String, Object> b) {
    Map<String, Object> merged = new LinkedHashMap<>(a);
    document.madeFrom(a, merged);
    b.forEach((keyword, value) -> {
      if (!CONNECTED.contains(keyword)) {
        Object present = merged.get(keyword);
        if (!merged.containsKey(keyword)) {
          merged.put(keyword, value);
        } else if (!Objects.equals(present, value)) {
          merged.put(keyword, both(a, keyword, present, value));
        }
      }
    });
    mergeProperties(a, b, merged);
    mergeItems(a, b, merged);
    return merged;
  }

  private Object both(Map<String, Object> schema, String keyword, Object a, Object b) {
    return switch (keyword) {
      case "type" -> types(a, b);
      case "required" -> {
        Set<Object> names = new LinkedHashSet<>((List<?>) list(schema, keyword, a));
        names.addAll(list(schema, keyword, b));
        yield new ArrayList<>(names);
      }
      case "enum" -> {
        List<Object> common = new ArrayList<>(list(schema, keyword, a));
        common.retainAll(list(schema, keyword, b));
        yield common;
      }
      case "minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties" ->
          number(schema, keyword, a).max(number(schema, keyword, b));
      case "maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties" ->
          number(schema, keyword, a).min(number(schema, keyword, b));
      case "allOf" -> {
        List<Object> parts = new ArrayList<>(list(schema, keyword, a));
        parts.addAll(list(schema, keyword, b));
        yield parts;
      }
      default -> {
        if (SchemaKeywords.isAnnotation(keyword)) {
          yield a;
        }
        throw document.fault(
            schema,
            keyword,
            "is there twice, joined by allOf, $ref or anyOf: that is not supported");
      }
    };
  }

  private static List<?> list(Map<String, Object> schema, String keyword, Object value) {
    if (value instanceof List<?> list) {
      return list;
    }
    throw new GrammarException("JSON Schema: \"" + keyword + "\" in " + schema + " is not a list");
  }

  private BigDecimal number(Map<String, Object> schema, String keyword, Object value) {
    if (value instanceof BigDecimal number) {
      return number;
    }
    throw document.fault(schema, keyword, "is not a number");
  }

  private static List<Object> types(Object a, Object b) {
    List<Object> types = new ArrayList<>();
    for (Object type : asList(a)) {
      for (Object other : asList(b)) {
        if (type.equals(other) || (type.equals("integer") && other.equals("number"))) {
          types.add(type);
        } else if (type.equals("number") && other.equals("integer")) {
          types.add(other);
        }
      }
    }
    return types;
  }

  private static List<?> asList(Object types) {
    return types instanceof List<?> list ? list : List.of(types);
  }

  /** A property that one side does not name is for that side an additional one. */
  private void mergeProperties(
      Map<String, Object> a, Map<String, Object> b, Map<String, Object> merged) {
    Map<String, Object> ofA = properties(a);
    Map<String, Object> ofB = properties(b);
    if (!a.containsKey("properties") && !b.containsKey("properties")) {
      mergeAdditional(a, b, merged);
      return;
    }
    Set<String> names = new LinkedHashSet<>(ofA.keySet());
    names.addAll(ofB.keySet());
    Map<String, Object> properties = new LinkedHashMap<>();
    for (String name : names) {
      Object inA =
          ofA.containsKey(name) ? ofA.get(name) : a.getOrDefault("additionalProperties", true);
      Object inB =
          ofB.containsKey(name) ? ofB.get(name) : b.getOrDefault("additionalProperties", true);
      properties.put(name, allOf(a, inA, inB));
    }
    merged.put("properties", document.madeFrom(a, properties));
    mergeAdditional(a, b, merged);
  }

  private void mergeAdditional(
      Map<String, Object> a, Map<String, Object> b, Map<String, Object> merged) {
    if (a.containsKey("additionalProperties") || b.containsKey("additionalProperties")) {
      merged.put(
          "additionalProperties",
          allOf(
              a,
              a.getOrDefault("additionalProperties", true),
              b.getOrDefault("additionalProperties", true)));
    }
  }

  /** An item that one side has no schema of its own for is for that side one of the rest. */
  private void mergeItems(
      Map<String, Object> a, Map<String, Object> b, Map<String, Object> merged) {
    List<?> ofA = list(a, "prefixItems", a.getOrDefault("prefixItems", List.of()));
    List<?> ofB = list(b, "prefixItems", b.getOrDefault("prefixItems", List.of()));
    Object restOfA = a.getOrDefault("items", true);
    Object restOfB = b.getOrDefault("items", true);
    List<Object> prefix = new ArrayList<>();
    for (int i = 0; i < Math.max(ofA.size(), ofB.size()); i++) {
      Object inA = i < ofA.size() ? ofA.get(i) : restOfA;
      Object inB = i < ofB.size() ? ofB.get(i) : restOfB;
      prefix.add(allOf(a, inA, inB));
    }
    if (!prefix.isEmpty()) {
      merged.put("prefixItems", prefix);
    }
    if (a.containsKey("items") || b.containsKey("items")) {
      merged.put("items", allOf(a, restOfA, restOfB));
    }
  }

  private Map<String, Object> properties(Map<String, Object> schema) {
    Object properties = schema.getOrDefault("properties", Map.of());
    return SchemaKeywords.object(properties)
        .orElseThrow(() -> document.fault(schema, "properties", "is not an object"));
  }

  private Object allOf(Map<String, Object> origin, Object a, Object b) {
    if (a.equals(true) || a.equals(b)) {
      return b;
    }
    if (b.equals(true)) {
      return a;
    }
    if (a.equals(false) || b.equals(false)) {
      return false;
    }
    Map<String, Object> both = new LinkedHashMap<>();
    both.put("allOf", List.of(a, b));
    return document.madeFrom(origin, both);
  }
}
