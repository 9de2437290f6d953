package dev.chaski.chat.jinja;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;

/** Filters on numbers. */
final class NumberFilters {
  static final Map<String, Filters.Filter> FILTERS =
      Map.of(
          "abs", NumberFilters::absolute,
          "float", NumberFilters::toReal,
          "int", NumberFilters::toInteger,
          "round", NumberFilters::round);

  private NumberFilters() {}

  private static Value absolute(Value input, Arguments arguments, Evaluator evaluator) {
    arguments.bind("abs", 0);
    if (Numbers.isInteger(input)) {
      return new Value.Int(Numbers.integer(input).abs());
    }
    if (input instanceof Value.Real number) {
      return new Value.Real(Math.abs(number.value()));
    }
    throw TemplateException.because("bad operand type for abs(): '" + input.typeName() + "'");
  }

  private static Value toInteger(Value input, Arguments arguments, Evaluator evaluator) {
    Value[] bound = arguments.bind("int", 0, "default", "base");
    Operators.refuseUndefined(input, evaluator.budget());
    long base = Arguments.integer(bound[1], 10);
    Optional<BigInteger> integer =
        switch (input) {
          case Str text -> {
            evaluator.budget().characters(text.text().length());
            boolean baseIsValid = base == 0 || (base >= 2 && base <= 36);
            Optional<BigInteger> parsed =
                baseIsValid ? Numbers.parseInteger(text.text(), (int) base) : Optional.empty();
            yield parsed.or(() -> truncated(Numbers.parseReal(text.text()).orElse(Double.NaN)));
          }
          case Value.Real number -> truncated(number.value());
          default ->
              Numbers.isInteger(input) ? Optional.of(Numbers.integer(input)) : Optional.empty();
        };
    Value absent = bound[0] == null ? Value.Int.of(0) : bound[0];
    return integer.<Value>map(number -> new Value.Int(Budget.checked(number))).orElse(absent);
  }

  private static Optional<BigInteger> truncated(double value) {
    return Double.isFinite(value)
        ? Optional.of(new BigDecimal(value).toBigInteger())
        : Optional.empty();
  }

  private static Value toReal(Value input, Arguments arguments, Evaluator evaluator) {
    Value absent = arguments.bind("float", 0, "default")[0];
    Operators.refuseUndefined(input, evaluator.budget());
    if (Numbers.isNumber(input)) {
      return new Value.Real(Numbers.real(input));
    }
    if (input instanceof Str text) {
      evaluator.budget().characters(text.text().length());
      OptionalDouble parsed = Numbers.parseReal(text.text());
      if (parsed.isPresent()) {
        return new Value.Real(parsed.getAsDouble());
      }
    }
    return absent == null ? new Value.Real(0) : absent;
  }

  private static Value round(Value input, Arguments arguments, Evaluator evaluator) {
    Value[] bound = arguments.bind("round", 0, "precision", "method");
    Budget budget = evaluator.budget();
    long precision = Arguments.integer(bound[0], 0);
    String method = bound[1] == null ? "common" : Printer.str(bound[1], budget).text();
    if (!Set.of("common", "ceil", "floor").contains(method)) {
      throw TemplateException.because("method must be common, ceil or floor");
    }
    Operators.refuseUndefined(input, budget);
    if (!Numbers.isNumber(input)) {
      throw TemplateException.because(
          "type " + input.typeName() + " doesn't define __round__ method");
    }
    if (method.equals("common")) {
      return Numbers.isInteger(input)
          ? new Value.Int(roundInteger(Numbers.integer(input), precision))
          : new Value.Real(Numbers.round(Numbers.real(input), precision));
    }
    double scale = Math.pow(10, (double) precision);
    double scaled = Numbers.real(input) * scale;
    return new Value.Real((method.equals("ceil") ? Math.ceil(scaled) : Math.floor(scaled)) / scale);
  }

  private static BigInteger roundInteger(BigInteger value, long precision) {
    if (precision >= 0) {
      return value;
    }
    if (-precision > Budget.MAX_INTEGER_BITS) {
      return BigInteger.ZERO;
    }
    return new BigDecimal(value).setScale((int) precision, RoundingMode.HALF_EVEN).toBigInteger();
  }
}
