package dev.chaski.chat.jinja;

import java.util.Iterator;
import java.util.List;

/** Equality, order and containment, as Python decides them. */
final class Comparisons {
  /** An order operator. */
  enum Order {
    /** Less. */
    LESS("<"),
    /** Less or equal. */
    LESS_OR_EQUAL("<="),
    /** Greater. */
    GREATER(">"),
    /** Greater or equal. */
    GREATER_OR_EQUAL(">=");

    private final String symbol;

    Order(String symbol) {
      this.symbol = symbol;
    }

    /** Whether the operator holds for two things that compare so. */
    boolean accepts(int comparison) {
      return switch (this) {
        case LESS -> comparison < 0;
        case LESS_OR_EQUAL -> comparison <= 0;
        case GREATER -> comparison > 0;
        case GREATER_OR_EQUAL -> comparison >= 0;
      };
    }
  }

  private Comparisons() {}

  /** {@code a == b}. */
  static boolean equal(Value a, Value b, Budget budget) {
    budget.step();
    if (Numbers.isNumber(a) && Numbers.isNumber(b)) {
      return !Numbers.isNaN(a) && !Numbers.isNaN(b) && Numbers.compare(a, b) == 0;
    }
    if (Value.isSame(a, b)) {
      return true;
    }
    budget.enter();
    boolean equal =
        switch (a) {
          case Str string -> b instanceof Str other && equal(string, other, budget);
          case Value.Undefined _ -> b instanceof Value.Undefined;
          case Value.Sequence sequence ->
              b instanceof Value.Sequence other
                  && sequence.isTuple() == other.isTuple()
                  && sequence.items().size() == other.items().size()
                  && firstDifference(sequence.items(), other.items(), budget)
                      == sequence.items().size();
          case Dict dict -> b instanceof Dict other && equal(dict, other, budget);
          case Value.Range range ->
              b instanceof Value.Range other
                  && range.size() == other.size()
                  && (range.size() == 0 || range.start() == other.start())
                  && (range.size() < 2 || range.step() == other.step());
          case Value.None _,
              Value.Bool _,
              Value.Int _,
              Value.Real _,
              Value.DictView _,
              Value.Generator _,
              Value.Namespace _,
              Value.Callable _ ->
              false;
        };
    budget.leave();
    return equal;
  }

  private static boolean equal(Str a, Str b, Budget budget) {
    if (a.text().length() != b.text().length()) {
      return false;
    }
    budget.characters(a.text().length());
    return a.text().equals(b.text());
  }

  private static boolean equal(Dict a, Dict b, Budget budget) {
    if (a.size() != b.size()) {
      return false;
    }
    for (Dict.Entry entry : a.entries()) {
      Value other = b.get(entry.key(), budget);
      if (other == null || !equal(entry.value(), other, budget)) {
        return false;
      }
    }
    return true;
  }

  private static int firstDifference(List<Value> a, List<Value> b, Budget budget) {
    int length = Math.min(a.size(), b.size());
    int index = 0;
    while (index < length && equal(a.get(index), b.get(index), budget)) {
      index++;
    }
    return index;
  }

  /** {@code a < b}, or another order operator. */
  static boolean holds(Order order, Value a, Value b, Budget budget) {
    budget.step();
    if (Numbers.isNumber(a) && Numbers.isNumber(b)) {
      return !Numbers.isNaN(a) && !Numbers.isNaN(b) && order.accepts(Numbers.compare(a, b));
    }
    if (a instanceof Str left && b instanceof Str right) {
      budget.characters(Math.min(left.text().length(), right.text().length()));
      return order.accepts(PythonText.compare(left.text(), right.text()));
    }
    if (a instanceof Value.Sequence left
        && b instanceof Value.Sequence right
        && left.isTuple() == right.isTuple()) {
      budget.enter();
      int index = firstDifference(left.items(), right.items(), budget);
      boolean holds =
          index < Math.min(left.items().size(), right.items().size())
              ? holds(order, left.items().get(index), right.items().get(index), budget)
              : order.accepts(Integer.compare(left.items().size(), right.items().size()));
      budget.leave();
      return holds;
    }
    Operators.refuseUndefined(a, budget);
    Operators.refuseUndefined(b, budget);
    throw TemplateException.because(
        "'%s' not supported between instances of '%s' and '%s'"
            .formatted(order.symbol, a.typeName(), b.typeName()));
  }

  /** {@code item in container}. */
  static boolean contains(Value container, Value item, Budget budget) {
    return switch (container) {
      case Str text -> {
        if (!(item instanceof Str part)) {
          throw TemplateException.because(
              "'in <string>' requires string as left operand, not " + item.typeName());
        }
        yield PythonText.find(text.text(), part.text(), 0, budget) >= 0;
      }
      case Dict dict -> dict.get(item, budget) != null;
      case Value.DictView view when view.part() == Value.DictView.Part.KEYS ->
          view.dict().get(item, budget) != null;
      case Value.Undefined _,
          Value.Sequence _,
          Value.Range _,
          Value.DictView _,
          Value.Generator _ ->
          anyEqual(Iteration.over(container, budget), item, budget);
      case Value.None _,
          Value.Bool _,
          Value.Int _,
          Value.Real _,
          Value.Namespace _,
          Value.Callable _ ->
          throw TemplateException.because(
              "argument of type '" + container.typeName() + "' is not iterable");
    };
  }

  private static boolean anyEqual(Iterator<Value> items, Value item, Budget budget) {
    while (items.hasNext()) {
      if (equal(items.next(), item, budget)) {
        return true;
      }
    }
    return false;
  }
}
