package dev.chaski.grammar;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Strings and numbers of a JSON Schema. */
final class SchemaScalars {
  private static final int MAX_LENGTH = 20_000;
  private static final int MAX_FRACTION = 15;
  private static final int MAX_DIGITS = 40;
  private static final BigDecimal DEFAULT_LIMIT = new BigDecimal("9999999999999999");

  private final SchemaDocument document;
  private final RuleSet rules;

  SchemaScalars(SchemaDocument document, RuleSet rules) {
    this.document = document;
    this.rules = rules;
  }

  /** The strings that are valid. */
  Expression string(Map<String, Object> schema) {
    int min = SchemaCounts.get(document, schema, "minLength").orElse(0);
    int max = SchemaCounts.get(document, schema, "maxLength").orElse(Expression.Repeat.UNBOUNDED);
    boolean counted = min > 0 || max != Expression.Repeat.UNBOUNDED;
    Optional<Expression> form = form(schema);
    if (form.isPresent()) {
      long most = max == Expression.Repeat.UNBOUNDED ? TextLength.UNLIMITED : max;
      String keyword = schema.containsKey("pattern") ? "pattern" : "format";
      Expression content =
          TextLength.within(form.get(), min, most)
              .orElseThrow(() ->
                  document.fault(
                      schema,
                      keyword,
                      "together with minLength or maxLength is not supported; count in the pattern,"
                          + " as in ^[a-z]{2,5}$"));
      return quoted(JsonText.content(content));
    }
    if (!counted) {
      return rules.reference("string");
    }
    if (min > MAX_LENGTH) {
      throw document.fault(schema, "minLength", "is more than %,d".formatted(MAX_LENGTH));
    }
    if (max != Expression.Repeat.UNBOUNDED && max < min) {
      return Expression.never();
    }
    int most = max == Expression.Repeat.UNBOUNDED ? max : Math.min(max, MAX_LENGTH);
    return quoted(Expression.repeat(rules.reference("char"), min, most));
  }

  private static Expression quoted(Expression content) {
    return Expression.sequence(Expression.literal("\""), content, Expression.literal("\""));
  }

  /** What {@code pattern} or {@code format} says. */
  private Optional<Expression> form(Map<String, Object> schema) {
    Optional<Expression> format = Optional.empty();
    if (schema.get("format") instanceof String name) {
      format = StringFormats.find(name);
    }
    if (!schema.containsKey("pattern")) {
      return format;
    }
    if (format.isPresent()) {
      throw document.fault(schema, "pattern", "together with this format is not supported");
    }
    if (!(schema.get("pattern") instanceof String pattern)) {
      throw document.fault(schema, "pattern", "is not a string");
    }
    try {
      return Optional.of(PatternParser.parse(pattern));
    } catch (GrammarException e) {
      throw new GrammarException(
          document.fault(schema, "pattern", "cannot be used: " + e.getMessage()).getMessage(), e);
    }
  }

  /** The numbers that are valid. */
  Expression number(Map<String, Object> schema, boolean integersOnly) {
    Optional<DecimalRange.Bound> low = bound(schema, "minimum", "exclusiveMinimum", 1);
    Optional<DecimalRange.Bound> high = bound(schema, "maximum", "exclusiveMaximum", -1);
    int step = fractionOfMultiples(schema); // digits behind the point; -1 for any
    boolean integers = integersOnly || step == 0;
    if (low.isEmpty() && high.isEmpty() && (integers || step < 0)) {
      return rules.reference(integers ? "integer" : "number");
    }
    BigDecimal limit = DEFAULT_LIMIT;
    for (Optional<DecimalRange.Bound> given : List.of(low, high)) {
      if (given.isPresent() && given.get().value().abs().compareTo(limit) >= 0) {
        limit = given.get().value().abs().multiply(BigDecimal.TEN);
      }
    }
    DecimalRange.Bound from = low.orElse(new DecimalRange.Bound(limit.negate(), false));
    DecimalRange.Bound to = high.orElse(new DecimalRange.Bound(limit, false));
    int fraction = 0;
    if (!integers) {
      fraction = Math.max(MAX_FRACTION, Math.max(from.value().scale(), to.value().scale()) + 1);
      fraction = step < 0 ? fraction : step;
    }
    return range(rounded(from, fraction, true), rounded(to, fraction, false), fraction);
  }

  private static Expression range(DecimalRange.Bound from, DecimalRange.Bound to, int fraction) {
    int order = from.value().compareTo(to.value());
    if (order > 0 || (order == 0 && (from.excluded() || to.excluded()))) {
      return Expression.never();
    }
    return DecimalRange.of(from, to, fraction);
  }

  /** The same bound for numbers of so many digits behind the point. */
  private static DecimalRange.Bound rounded(DecimalRange.Bound bound, int fraction, boolean up) {
    BigDecimal value =
        bound.value().setScale(fraction, up ? RoundingMode.CEILING : RoundingMode.FLOOR);
    return new DecimalRange.Bound(value, bound.excluded() && value.compareTo(bound.value()) == 0);
  }

  /** The narrower of two bounds; {@code direction} is 1 if that is the larger one. */
  private Optional<DecimalRange.Bound> bound(
      Map<String, Object> schema, String inclusive, String exclusive, int direction) {
    Optional<BigDecimal> with = decimal(schema, inclusive);
    Optional<BigDecimal> without = decimal(schema, exclusive);
    boolean useExclusive =
        without.isPresent()
            && (with.isEmpty() || without.get().compareTo(with.get()) * direction >= 0);
    return useExclusive
        ? without.map(value -> new DecimalRange.Bound(value, true))
        : with.map(value -> new DecimalRange.Bound(value, false));
  }

  private Optional<BigDecimal> decimal(Map<String, Object> schema, String keyword) {
    Object value = schema.get(keyword);
    if (value == null) {
      return Optional.empty();
    }
    if (!(value instanceof BigDecimal number)) {
      throw document.fault(schema, keyword, "is " + JsonText.of(value) + "; expected a number");
    }
    if (number.precision() - (long) number.scale() > MAX_DIGITS || number.scale() > MAX_DIGITS) {
      throw document.fault(
          schema,
          keyword,
          "has more than %d digits before or behind the point".formatted(MAX_DIGITS));
    }
    return Optional.of(number);
  }

  private int fractionOfMultiples(Map<String, Object> schema) {
    Optional<BigDecimal> multiple = decimal(schema, "multipleOf");
    if (multiple.isEmpty()) {
      return -1;
    }
    BigDecimal unit = multiple.get();
    if (unit.unscaledValue().intValue() != 1 || unit.precision() != 1 || unit.scale() < 0) {
      throw document.fault(
          schema, "multipleOf", "is supported for 1, 0.1, 0.01 and so on; it is " + unit);
    }
    return unit.scale();
  }
}
