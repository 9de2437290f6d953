package dev.chaski.chat.jinja;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;

/** Filters that choose: items by a test, attributes by a name, a value in place of nothing. */
final class SelectionFilters {
  static final Map<String, Filters.Filter> FILTERS =
      Map.of(
          "attr",
          SelectionFilters::attribute,
          "d",
          SelectionFilters::orDefault,
          "default",
          SelectionFilters::orDefault,
          "map",
          SelectionFilters::map,
          "reject",
          (input, arguments, in) -> select(input, arguments, in, false, false),
          "rejectattr",
          (input, arguments, in) -> select(input, arguments, in, true, false),
          "select",
          (input, arguments, in) -> select(input, arguments, in, false, true),
          "selectattr",
          (input, arguments, in) -> select(input, arguments, in, true, true));

  private SelectionFilters() {}

  private static Value attribute(Value input, Arguments arguments, Evaluator evaluator) {
    Value name = arguments.bind("attr", 1, "name")[0];
    Operators.refuseUndefined(input, evaluator.budget());
    Value member = Access.member(input, Arguments.string(name, "attr").text(), evaluator.budget());
    return member != null ? member : Access.undefined(input, name);
  }

  private static Value orDefault(Value input, Arguments arguments, Evaluator evaluator) {
    Value[] bound = arguments.bind("default", 0, "default_value", "boolean");
    boolean replaces =
        input instanceof Value.Undefined
            || (Arguments.truth(bound[1], false) && !Value.isTrue(input));
    if (!replaces) {
      return input;
    }
    return bound[0] == null ? Str.EMPTY : bound[0];
  }

  private static Value map(Value input, Arguments arguments, Evaluator evaluator) {
    List<Value> mapped = new ArrayList<>();
    if (Value.isTrue(input)) {
      Function<Value, Value> change = change(arguments, evaluator);
      for (Value item : Iteration.toList(input, evaluator.budget())) {
        mapped.add(change.apply(item));
      }
    }
    return new Value.Generator(mapped.iterator());
  }

  private static Function<Value, Value> change(Arguments arguments, Evaluator evaluator) {
    Budget budget = evaluator.budget();
    if (arguments.positional().isEmpty() && arguments.keywords().containsKey("attribute")) {
      Value[] bound = arguments.bind("map", 1, "attribute", "default");
      List<Value> path = Access.pathParts(bound[0], budget);
      Value absent = bound[1] == Value.None.NONE ? null : bound[1];
      return item -> Access.path(item, path, absent, budget);
    }
    if (arguments.positional().isEmpty()) {
      throw TemplateException.because("map requires a filter argument");
    }
    String name = Arguments.string(arguments.positional().getFirst(), "map").text();
    Filters.Filter filter = Filters.named(name);
    Arguments rest = arguments.skip(1);
    return item -> {
      budget.step();
      budget.enter();
      Value changed = filter.apply(item, rest, evaluator);
      budget.leave();
      return changed;
    };
  }

  /**
   * {@code select} and its kin.
   *
   * @param byAttribute whether the first argument names the attribute to be tested
   * @param wanted the answer of the test that keeps an item
   */
  private static Value select(
      Value input, Arguments arguments, Evaluator evaluator, boolean byAttribute, boolean wanted) {
    List<Value> kept = new ArrayList<>();
    if (Value.isTrue(input)) {
      Budget budget = evaluator.budget();
      List<Value> path = List.of();
      Arguments rest = arguments;
      if (byAttribute) {
        if (arguments.positional().isEmpty()) {
          throw TemplateException.because("Missing parameter for attribute name");
        }
        path = Access.pathParts(arguments.positional().getFirst(), budget);
        rest = arguments.skip(1);
      }
      Predicate<Value> test = test(rest, evaluator);
      for (Value item : Iteration.toList(input, budget)) {
        if (test.test(Access.path(item, path, null, budget)) == wanted) {
          kept.add(item);
        }
      }
    }
    return new Value.Generator(kept.iterator());
  }

  private static Predicate<Value> test(Arguments arguments, Evaluator evaluator) {
    if (arguments.positional().isEmpty()) {
      return Value::isTrue;
    }
    String name = Arguments.string(arguments.positional().getFirst(), "select").text();
    Tests.Test test = Tests.named(name);
    Arguments rest = arguments.skip(1);
    return item -> {
      evaluator.budget().step();
      return test.test(item, rest, evaluator);
    };
  }
}
