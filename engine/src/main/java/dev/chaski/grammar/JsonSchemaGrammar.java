package dev.chaski.grammar;

import dev.chaski.grammar.Expression.Reference;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Translates a JSON Schema into a grammar. What holds together ({@code allOf}, {@code $ref} with
 * other keywords, {@code anyOf} with other keywords) is first made one schema, then each type it
 * allows is written down.
 */
final class JsonSchemaGrammar {
  private static final int MAX_DEPTH = 200;
  private static final int MAX_SCHEMAS = 50_000;
  private static final Set<String> TYPES =
      Set.of("object", "array", "string", "number", "integer", "boolean", "null");

  private final SchemaDocument document;
  private final SchemaMerger merger;
  private final SchemaAlternatives alternatives;
  private final SchemaScalars scalars;
  private final SchemaContainers containers;
  private final RuleSet rules = new RuleSet();
  private final IdentityHashMap<Object, Reference> references = new IdentityHashMap<>();
  private final ArrayDeque<Map<String, Object>> undefined = new ArrayDeque<>();
  private int depth;
  private int numSchemas;

  private JsonSchemaGrammar(SchemaDocument document) {
    this.document = document;
    this.merger = new SchemaMerger(document);
    this.alternatives = new SchemaAlternatives(document);
    this.rules.addAll(Grammar.jsonObject());
    this.scalars = new SchemaScalars(document, rules);
    this.containers = new SchemaContainers(document, rules, this);
  }

  /**
   * The grammar of a schema.
   *
   * @throws GrammarException if it is no schema, not supported, or nothing is valid
   */
  static Grammar translate(String schema) {
    SchemaDocument document = SchemaDocument.parse(schema);
    Grammar grammar = new JsonSchemaGrammar(document).grammar(document.root());
    if (!GrammarAnalysis.hasText(grammar)) {
      throw new GrammarException(
          "JSON Schema: no JSON text is valid (something required is impossible, or needs itself)");
    }
    return grammar;
  }

  private Grammar grammar(Object schema) {
    Reference root = rules.add("JSON Schema", expression(schema));
    while (!undefined.isEmpty()) {
      Map<String, Object> next = undefined.remove();
      rules.define(references.get(next), expression(next));
    }
    return rules.toGrammar(root);
  }

  /** The JSON texts that are valid against a schema. */
  Expression expression(Object schema) {
    if (++numSchemas > MAX_SCHEMAS) {
      throw new GrammarException(
          "JSON Schema: it has more than %,d parts, those repeated by $ref, allOf and anyOf included"
              .formatted(MAX_SCHEMAS));
    }
    if (schema instanceof Boolean allowed) {
      return allowed ? rules.reference("value") : Expression.never();
    }
    Map<String, Object> keywords =
        SchemaKeywords.object(schema)
            .orElseThrow(() ->
                new GrammarException(
                    "JSON Schema: a schema is an object, true or false; found "
                        + JsonText.of(schema)));
    if (++depth > MAX_DEPTH) {
      throw new GrammarException(
          "JSON Schema, %s: schemas are nested too deep, or $ref in allOf or anyOf leads to itself"
              .formatted(document.pointer(keywords)));
    }
    Expression expression = ofKeywords(keywords);
    depth--;
    return expression;
  }

  private Expression ofKeywords(Map<String, Object> schema) {
    SchemaKeywords.unsupported(schema)
        .ifPresent(keyword -> {
          throw document.fault(schema, keyword, "is not supported");
        });
    Map<String, Object> constraints = new LinkedHashMap<>(schema);
    constraints.keySet().removeIf(SchemaKeywords::isAnnotation);
    document.madeFrom(schema, constraints);
    if (constraints.isEmpty()) {
      return rules.reference("value");
    }
    if (constraints.containsKey("$ref")) {
      return reference(constraints);
    }
    if (constraints.containsKey("allOf")) {
      return allOf(constraints);
    }
    for (String keyword : List.of("anyOf", "oneOf")) {
      if (constraints.containsKey(keyword)) {
        return anyOf(constraints, keyword);
      }
    }
    if (constraints.containsKey("const") || constraints.containsKey("enum")) {
      return values(constraints);
    }
    return Expression.choice(types(constraints).stream().map(t -> ofType(t, constraints)).toList());
  }

  private Expression reference(Map<String, Object> schema) {
    Object target = target(schema);
    Map<String, Object> rest = without(schema, "$ref");
    if (!rest.isEmpty()) {
      return together(rest, target);
    }
    if (!(target instanceof Map<?, ?>)) {
      return expression(target);
    }
    Map<String, Object> referred = SchemaKeywords.object(target).orElseThrow();
    return references.computeIfAbsent(
        target,
        _ -> {
          undefined.add(referred);
          return rules.reference(document.pointer(referred));
        });
  }

  private Object target(Map<String, Object> schema) {
    if (schema.get("$ref") instanceof String reference) {
      return document.resolve(schema, reference);
    }
    throw document.fault(schema, "$ref", "is not a string");
  }

  private Expression allOf(Map<String, Object> schema) {
    Map<String, Object> merged = without(schema, "allOf");
    for (Object part : nonEmptyList(schema, "allOf")) {
      if (part.equals(false)) {
        return Expression.never();
      }
      if (!part.equals(true)) {
        merged = merger.merge(merged, withoutReference(part, schema, "allOf"));
      }
    }
    return expression(merged);
  }

  private Expression together(Map<String, Object> rest, Object other) {
    if (other instanceof Boolean allowed) {
      return allowed ? expression(rest) : Expression.never();
    }
    return expression(merger.merge(rest, withoutReference(other, rest, "anyOf")));
  }

  /** A schema that has to be merged must not hide behind a reference. */
  private Map<String, Object> withoutReference(
      Object part, Map<String, Object> schema, String keyword) {
    Map<String, Object> resolved =
        SchemaKeywords.object(part)
            .orElseThrow(() -> document.fault(schema, keyword, "has a part that is no schema"));
    for (int i = 0; resolved.containsKey("$ref"); i++) {
      if (i == MAX_DEPTH) {
        throw document.fault(schema, keyword, "has a $ref that leads to itself");
      }
      Map<String, Object> rest = without(resolved, "$ref");
      Object target = target(resolved);
      Map<String, Object> referred =
          SchemaKeywords.object(target)
              .orElseGet(() -> target.equals(false) ? Map.of("enum", List.of()) : Map.of());
      resolved = merger.merge(rest, referred);
    }
    return resolved;
  }

  private Expression anyOf(Map<String, Object> schema, String keyword) {
    List<?> parts = nonEmptyList(schema, keyword);
    if (keyword.equals("oneOf")) {
      alternatives.checkApart(schema, parts);
    }
    Map<String, Object> rest = without(schema, keyword);
    List<Expression> expressions = new ArrayList<>();
    for (Object part : parts) {
      expressions.add(rest.isEmpty() ? expression(part) : together(rest, part));
    }
    return Expression.choice(expressions);
  }

  /** The values of {@code const} and {@code enum} that the other keywords allow. */
  private Expression values(Map<String, Object> schema) {
    List<Object> values = new ArrayList<>();
    if (schema.containsKey("const")) {
      values.add(schema.get("const"));
    }
    if (schema.containsKey("enum")) {
      List<?> listed =
          SchemaKeywords.list(schema.get("enum"))
              .orElseThrow(() -> document.fault(schema, "enum", "is not a list"));
      if (schema.containsKey("const")) {
        values.removeIf(value -> !listed.contains(value));
      } else {
        values.addAll(listed);
      }
    }
    Map<String, Object> rest = without(without(schema, "const"), "enum");
    List<String> texts = new ArrayList<>(values.stream().map(JsonText::of).distinct().toList());
    if (!rest.isEmpty() && !texts.isEmpty()) {
      texts.removeIf(new JsonSchemaGrammar(document).grammar(rest).matcher().negate());
    }
    return Expression.choice(texts.stream().map(Expression::literal).toList());
  }

  private Set<String> types(Map<String, Object> schema) {
    Set<String> types = new HashSet<>();
    Object given = schema.get("type");
    if (given == null) {
      SchemaKeywords.OF_TYPE.forEach((type, keywords) -> {
        if (keywords.stream().anyMatch(schema::containsKey)) {
          types.add(type);
        }
      });
      return types;
    }
    List<?> names = given instanceof List<?> list ? list : List.of(given);
    for (Object name : names) {
      if (!(name instanceof String type && TYPES.contains(type))) {
        throw document.fault(schema, "type", "is " + JsonText.of(name) + ", which is no type");
      }
      types.add(type);
    }
    if (types.contains("number")) {
      types.remove("integer");
    }
    return types;
  }

  private Expression ofType(String type, Map<String, Object> schema) {
    return switch (type) {
      case "object" -> containers.object(schema);
      case "array" -> containers.array(schema);
      case "string" -> scalars.string(schema);
      case "number" -> scalars.number(schema, false);
      case "integer" -> scalars.number(schema, true);
      default -> rules.reference(type);
    };
  }

  private List<?> nonEmptyList(Map<String, Object> schema, String keyword) {
    return SchemaKeywords.list(schema.get(keyword))
        .filter(list -> !list.isEmpty() && list.stream().noneMatch(Objects::isNull))
        .orElseThrow(() -> document.fault(schema, keyword, "is not a list of schemas"));
  }

  private Map<String, Object> without(Map<String, Object> schema, String keyword) {
    Map<String, Object> rest = new LinkedHashMap<>(schema);
    rest.remove(keyword);
    return document.madeFrom(schema, rest);
  }
}
