package dev.chaski.chat.jinja;

import static java.util.Map.entry;

import java.util.Map;
import java.util.function.Predicate;

/** The tests by name: what stands after {@code is}. */
final class Tests {
  /** A test of a value. */
  @FunctionalInterface
  interface Test {
    boolean test(Value subject, Arguments arguments, Evaluator evaluator);
  }

  private static final Map<String, Test> ALL =
      Map.ofEntries(
          entry("!=", (a, arguments, in) -> !equal(a, arguments, in)),
          entry("<", order("lt", Comparisons.Order.LESS)),
          entry("<=", order("le", Comparisons.Order.LESS_OR_EQUAL)),
          entry("==", Tests::equal),
          entry(">", order("gt", Comparisons.Order.GREATER)),
          entry(">=", order("ge", Comparisons.Order.GREATER_OR_EQUAL)),
          entry("boolean", plain("boolean", Value.Bool.class::isInstance)),
          entry("callable", plain("callable", Tests::isCallable)),
          entry("defined", plain("defined", value -> !(value instanceof Value.Undefined))),
          entry("divisibleby", Tests::divisibleBy),
          entry("eq", Tests::equal),
          entry("equalto", Tests::equal),
          entry("escaped", plain("escaped", value -> value instanceof Str text && text.isMarkup())),
          entry("even", parity("even", 0)),
          entry("false", plain("false", value -> value == Value.Bool.FALSE)),
          entry("filter", Tests::isFilter),
          entry("float", plain("float", Value.Real.class::isInstance)),
          entry("ge", order("ge", Comparisons.Order.GREATER_OR_EQUAL)),
          entry("greaterthan", order("gt", Comparisons.Order.GREATER)),
          entry("gt", order("gt", Comparisons.Order.GREATER)),
          entry("in", Tests::in),
          entry("integer", plain("integer", Value.Int.class::isInstance)),
          entry("iterable", plain("iterable", Iteration::isIterable)),
          entry("le", order("le", Comparisons.Order.LESS_OR_EQUAL)),
          entry("lessthan", order("lt", Comparisons.Order.LESS)),
          entry("lower", letterCase("lower", false)),
          entry("lt", order("lt", Comparisons.Order.LESS)),
          entry("mapping", plain("mapping", Dict.class::isInstance)),
          entry("ne", (a, arguments, in) -> !equal(a, arguments, in)),
          entry("none", plain("none", value -> value == Value.None.NONE)),
          entry("number", plain("number", Numbers::isNumber)),
          entry("odd", parity("odd", 1)),
          entry("sameas", Tests::sameAs),
          entry("sequence", plain("sequence", Tests::isSequence)),
          entry("string", plain("string", Str.class::isInstance)),
          entry("test", Tests::isTest),
          entry("true", plain("true", value -> value == Value.Bool.TRUE)),
          entry("undefined", plain("undefined", Value.Undefined.class::isInstance)),
          entry("upper", letterCase("upper", true)));

  private Tests() {}

  static Test named(String name) {
    Test test = ALL.get(name);
    if (test == null) {
      throw TemplateException.because("No test named '" + name + "'.");
    }
    return test;
  }

  private static Test plain(String name, Predicate<Value> test) {
    return (subject, arguments, _) -> {
      arguments.bind(name, 0);
      return test.test(subject);
    };
  }

  private static boolean equal(Value subject, Arguments arguments, Evaluator evaluator) {
    Value other = arguments.bind("eq", 1, "other")[0];
    return Comparisons.equal(subject, other, evaluator.budget());
  }

  private static Test order(String name, Comparisons.Order order) {
    return (subject, arguments, evaluator) ->
        Comparisons.holds(order, subject, arguments.bind(name, 1, "other")[0], evaluator.budget());
  }

  private static boolean in(Value subject, Arguments arguments, Evaluator evaluator) {
    Value container = arguments.bind("in", 1, "seq")[0];
    return Comparisons.contains(container, subject, evaluator.budget());
  }

  private static Test parity(String name, int remainder) {
    return (subject, arguments, evaluator) -> {
      arguments.bind(name, 0);
      return hasRemainder(subject, Value.Int.of(2), remainder, evaluator);
    };
  }

  private static boolean divisibleBy(Value subject, Arguments arguments, Evaluator evaluator) {
    Value divisor = arguments.bind("divisibleby", 1, "num")[0];
    return hasRemainder(subject, divisor, 0, evaluator);
  }

  private static boolean hasRemainder(
      Value subject, Value divisor, int remainder, Evaluator evaluator) {
    Budget budget = evaluator.budget();
    Value found = Operators.apply(Operators.Binary.MODULO, subject, divisor, budget);
    return Comparisons.equal(found, Value.Int.of(remainder), budget);
  }

  private static boolean isFilter(Value subject, Arguments arguments, Evaluator evaluator) {
    arguments.bind("filter", 0);
    return subject instanceof Str name && Filters.exists(name.text());
  }

  private static boolean isTest(Value subject, Arguments arguments, Evaluator evaluator) {
    arguments.bind("test", 0);
    return subject instanceof Str name && ALL.containsKey(name.text());
  }

  private static Test letterCase(String name, boolean upper) {
    return (subject, arguments, evaluator) -> {
      arguments.bind(name, 0);
      Budget budget = evaluator.budget();
      return StringOperations.isCase(Printer.str(subject, budget), upper, budget);
    };
  }

  private static boolean isCallable(Value value) {
    return value instanceof Value.Callable || value instanceof Value.Undefined;
  }

  /** What has a length and can be asked for an item: dicts too, and undefined values. */
  private static boolean isSequence(Value value) {
    return value instanceof Str
        || value instanceof Value.Sequence
        || value instanceof Dict
        || value instanceof Value.Range
        || value instanceof Value.Undefined;
  }

  private static boolean sameAs(Value subject, Arguments arguments, Evaluator evaluator) {
    Value other = arguments.bind("sameas", 1, "other")[0];
    return Value.isSame(subject, other)
        || (subject instanceof Value.Int && other instanceof Value.Int && subject.equals(other));
  }
}
