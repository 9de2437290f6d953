package dev.chaski.grammar;

import dev.chaski.grammar.Expression.Characters;
import dev.chaski.grammar.Expression.Reference;
import dev.chaski.grammar.Expression.Repeat;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Objects and arrays of a JSON Schema. */
final class SchemaContainers {
  private static final int MAX_ITEMS = 10_000;
  private static final int MAX_PREFIX = 200;

  private final SchemaDocument document;
  private final RuleSet rules;
  private final JsonSchemaGrammar translator;
  private final Reference space;
  private final Expression comma;

  SchemaContainers(SchemaDocument document, RuleSet rules, JsonSchemaGrammar translator) {
    this.document = document;
    this.rules = rules;
    this.translator = translator;
    this.space = rules.reference("ws");
    this.comma = Expression.sequence(Expression.literal(","), space);
  }

  /** The objects that are valid, with the properties in the order of the schema. */
  Expression object(Map<String, Object> schema) {
    Map<String, Object> properties = properties(schema);
    Set<String> required = required(schema);
    Object additional = schema.getOrDefault("additionalProperties", properties.isEmpty());
    Map<String, Object> all = new LinkedHashMap<>(properties);
    required.forEach(name -> all.putIfAbsent(name, undeclared(schema)));
    Expression other = Expression.never();
    if (!additional.equals(false)) {
      other = member(keyOtherThan(all.keySet()), translator.expression(additional));
    }
    checkNumberOfProperties(schema, all, required, additional);
    if (all.isEmpty()) {
      int min = SchemaCounts.get(document, schema, "minProperties").orElse(0);
      int max = SchemaCounts.get(document, schema, "maxProperties").orElse(Repeat.UNBOUNDED);
      if (max > MAX_ITEMS) {
        max = MAX_ITEMS;
      }
      return braces(list(List.of(), other, min, max));
    }
    return braces(members(schema, all, required, other));
  }

  private Expression braces(Expression members) {
    return Expression.sequence(
        Expression.literal("{"), space, members, space, Expression.literal("}"));
  }

  private Expression member(Expression key, Expression value) {
    return Expression.sequence(
        key, Expression.literal(":"), Expression.optional(Expression.literal(" ")), value);
  }

  private Expression members(
      Map<String, Object> schema, Map<String, Object> all, Set<String> required, Expression other) {
    String pointer = document.pointer(schema);
    List<String> names = new ArrayList<>(all.keySet());
    // From the last property to the first: what may come behind it, with something in front and
    // not.
    Expression behindOther =
        Expression.repeat(Expression.sequence(comma, other), 0, Repeat.UNBOUNDED);
    Expression behind = rules.add(pointer + " other properties", behindOther);
    Expression first = Expression.optional(Expression.sequence(other, behind));
    for (String name : names.reversed()) {
      Expression member =
          member(Expression.literal(JsonText.quoted(name)), translator.expression(all.get(name)));
      member = rules.add(pointer + "/properties/" + name, member);
      Expression here = Expression.sequence(comma, member);
      if (required.contains(name)) {
        first = Expression.sequence(member, behind);
      } else {
        first = Expression.choice(Expression.sequence(member, behind), first);
        first = rules.add(pointer + " from " + name, first);
        here = Expression.optional(here);
      }
      behind = rules.add(pointer + " behind " + name, Expression.sequence(here, behind));
    }
    return first;
  }

  private void checkNumberOfProperties(
      Map<String, Object> schema,
      Map<String, Object> all,
      Set<String> required,
      Object additional) {
    OptionalInt min = SchemaCounts.get(document, schema, "minProperties");
    OptionalInt max = SchemaCounts.get(document, schema, "maxProperties");
    int sure = Math.max(required.size(), all.isEmpty() ? 1 : 0);
    if (min.isPresent() && min.getAsInt() > sure) {
      throw document.fault(
          schema,
          "minProperties",
          "is supported up to the number of required properties, or 1 if none is named");
    }
    boolean limited = all.isEmpty() || (additional.equals(false) && all.size() <= max.orElse(0));
    if (max.isPresent() && !limited) {
      throw document.fault(
          schema, "maxProperties", "is supported only for objects whose properties are not named");
    }
  }

  /** A key that is none of these. Keys with escapes are left out: they could spell one of them. */
  private Expression keyOtherThan(Set<String> names) {
    if (names.isEmpty()) {
      return rules.reference("string");
    }
    return Expression.sequence(
        Expression.literal("\""),
        contentOtherThan(new ArrayList<>(names)),
        Expression.literal("\""));
  }

  private Expression contentOtherThan(List<String> names) {
    CodePoints plain = CodePoints.of(0, 0x1F).plus(CodePoints.of("\"\\\u007F")).complement();
    TreeMap<Integer, List<String>> byFirst =
        names.stream()
            .filter(name -> !name.isEmpty())
            .collect(
                Collectors.groupingBy(
                    name -> name.codePointAt(0),
                    TreeMap::new,
                    Collectors.mapping(
                        name -> name.substring(Character.charCount(name.codePointAt(0))),
                        Collectors.toList())));
    CodePoints taken = CodePoints.NONE;
    List<Expression> alternatives = new ArrayList<>();
    if (!names.contains("")) {
      alternatives.add(Expression.empty());
    }
    for (Map.Entry<Integer, List<String>> entry : byFirst.entrySet()) {
      CodePoints first = CodePoints.of(entry.getKey(), entry.getKey());
      taken = taken.plus(first);
      if (!first.minus(plain.complement()).isEmpty()) {
        Expression rest = contentOtherThan(entry.getValue());
        alternatives.add(Expression.sequence(new Characters(first), rules.add("other key", rest)));
      }
    }
    alternatives.add(
        Expression.sequence(
            new Characters(plain.minus(taken)),
            Expression.repeat(new Characters(plain), 0, Repeat.UNBOUNDED)));
    return Expression.choice(alternatives);
  }

  private Object undeclared(Map<String, Object> schema) {
    return schema.getOrDefault("additionalProperties", true);
  }

  private Map<String, Object> properties(Map<String, Object> schema) {
    return SchemaKeywords.object(schema.getOrDefault("properties", Map.of()))
        .orElseThrow(() -> document.fault(schema, "properties", "is not an object"));
  }

  private Set<String> required(Map<String, Object> schema) {
    List<?> names =
        SchemaKeywords.list(schema.getOrDefault("required", List.of()))
            .orElseThrow(() -> document.fault(schema, "required", "is not a list"));
    return names.stream()
        .map(name -> {
          if (name instanceof String text) {
            return text;
          }
          throw document.fault(schema, "required", "has something else than strings");
        })
        .collect(Collectors.toCollection(LinkedHashSet::new));
  }

  /** The arrays that are valid. */
  Expression array(Map<String, Object> schema) {
    List<Expression> prefix = new ArrayList<>();
    List<?> given =
        SchemaKeywords.list(schema.getOrDefault("prefixItems", List.of()))
            .orElseThrow(() -> document.fault(schema, "prefixItems", "is not a list of schemas"));
    if (given.size() > MAX_PREFIX) {
      throw document.fault(schema, "prefixItems", "has more than %d schemas".formatted(MAX_PREFIX));
    }
    given.forEach(item -> prefix.add(translator.expression(item)));
    Object items = schema.getOrDefault("items", true);
    if (items instanceof List<?>) {
      throw document.fault(
          schema, "items", "is a list, as in older drafts; the present name is prefixItems");
    }
    int min = SchemaCounts.get(document, schema, "minItems").orElse(0);
    int max = SchemaCounts.get(document, schema, "maxItems").orElse(Repeat.UNBOUNDED);
    if (min > MAX_ITEMS) {
      throw document.fault(schema, "minItems", "is more than %,d".formatted(MAX_ITEMS));
    }
    Expression item = translator.expression(items);
    Expression list = list(prefix, item, min, Math.min(max, MAX_ITEMS));
    return Expression.sequence(
        Expression.literal("["), space, list, space, Expression.literal("]"));
  }

  /** {@code min} to {@code max} values with commas between, the first ones given one by one. */
  private Expression list(List<Expression> prefix, Expression item, int min, int max) {
    if (max != Repeat.UNBOUNDED && max < min) {
      return Expression.never();
    }
    if (max == 0) {
      return Expression.empty();
    }
    Expression element = rules.add("item", item);
    int rest = Math.max(prefix.size(), 1);
    Expression behind;
    if (max != Repeat.UNBOUNDED && max <= rest) {
      behind = Expression.empty();
    } else {
      int more = max == Repeat.UNBOUNDED ? max : max - rest;
      behind =
          Expression.repeat(Expression.sequence(comma, element), Math.max(0, min - rest), more);
    }
    int last = max == Repeat.UNBOUNDED ? rest : Math.min(rest, max);
    for (int i = last - 1; i >= 0; i--) {
      Expression value = i < prefix.size() ? prefix.get(i) : element;
      behind = Expression.sequence(i == 0 ? value : Expression.sequence(comma, value), behind);
      behind = i < min ? behind : Expression.optional(behind);
    }
    return behind;
  }
}
