package dev.chaski.chat.jinja;

import static java.util.Map.entry;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;

/** Filters on the items of sequences and dicts. */
final class SequenceFilters {
  static final Map<String, Filters.Filter> FILTERS =
      Map.ofEntries(
          entry("batch", SequenceFilters::batch),
          entry("count", SequenceFilters::length),
          entry("dictsort", SequenceFilters::dictSort),
          entry("first", SequenceFilters::first),
          entry("items", SequenceFilters::items),
          entry("join", SequenceFilters::join),
          entry("last", SequenceFilters::last),
          entry("length", SequenceFilters::length),
          entry("list", SequenceFilters::list),
          entry("max", (input, arguments, in) -> extreme("max", input, arguments, in)),
          entry("min", (input, arguments, in) -> extreme("min", input, arguments, in)),
          entry("reverse", SequenceFilters::reverse),
          entry("slice", SequenceFilters::slice),
          entry("sort", SequenceFilters::sort),
          entry("sum", SequenceFilters::sum),
          entry("unique", SequenceFilters::unique));

  private SequenceFilters() {}

  private static Value generator(List<Value> items) {
    return new Value.Generator(items.iterator());
  }

  private static Value batch(Value input, Arguments arguments, Evaluator evaluator) {
    Value[] bound = arguments.bind("batch", 1, "linecount", "fill_with");
    Budget budget = evaluator.budget();
    long size = Arguments.integer(bound[0], 0);
    List<Value> batches = new ArrayList<>();
    List<Value> batch = new ArrayList<>();
    for (Value item : Iteration.toList(input, budget)) {
      if (batch.size() == size) {
        batches.add(Value.Sequence.list(batch));
        batch = new ArrayList<>();
      }
      batch.add(item);
    }
    if (!batch.isEmpty()) {
      if (bound[1] != null && bound[1] != Value.None.NONE && batch.size() < size) {
        budget.steps(size - batch.size());
        batch.addAll(Collections.nCopies((int) (size - batch.size()), bound[1]));
      }
      batches.add(Value.Sequence.list(batch));
    }
    return generator(batches);
  }

  private static Value slice(Value input, Arguments arguments, Evaluator evaluator) {
    Value[] bound = arguments.bind("slice", 1, "slices", "fill_with");
    Budget budget = evaluator.budget();
    long count = Arguments.integer(bound[0], 1);
    List<Value> items = Iteration.toList(input, budget);
    if (count == 0) {
      throw TemplateException.because("integer division or modulo by zero");
    }
    budget.steps(Math.max(count, 0));
    List<Value> slices = new ArrayList<>();
    int begin = 0;
    for (int i = 0; i < count; i++) {
      boolean isLonger = i < items.size() % count;
      int end = begin + (int) (items.size() / count) + (isLonger ? 1 : 0);
      List<Value> slice = new ArrayList<>(items.subList(begin, end));
      if (bound[1] != null && bound[1] != Value.None.NONE && !isLonger) {
        slice.add(bound[1]);
      }
      slices.add(Value.Sequence.list(slice));
      begin = end;
    }
    return generator(slices);
  }

  private static Value length(Value input, Arguments arguments, Evaluator evaluator) {
    arguments.bind("length", 0);
    return Value.Int.of(Iteration.length(input));
  }

  private static Value list(Value input, Arguments arguments, Evaluator evaluator) {
    arguments.bind("list", 0);
    return Value.Sequence.list(Iteration.toList(input, evaluator.budget()));
  }

  private static Value first(Value input, Arguments arguments, Evaluator evaluator) {
    arguments.bind("first", 0);
    Iterator<Value> items = Iteration.over(input, evaluator.budget());
    return items.hasNext()
        ? items.next()
        : Value.Undefined.because("No first item, sequence was empty.");
  }

  private static Value last(Value input, Arguments arguments, Evaluator evaluator) {
    arguments.bind("last", 0);
    if (input instanceof Value.Generator || !Iteration.isIterable(input)) {
      throw TemplateException.because("'" + input.typeName() + "' object is not reversible");
    }
    if (input instanceof Str || input instanceof Value.Sequence || input instanceof Value.Range) {
      return Iteration.length(input) == 0
          ? Value.Undefined.because("No last item, sequence was empty.")
          : Access.item(input, Value.Int.of(-1), evaluator.budget());
    }
    List<Value> items = Iteration.toList(input, evaluator.budget());
    return items.isEmpty()
        ? Value.Undefined.because("No last item, sequence was empty.")
        : items.getLast();
  }

  private static Value items(Value input, Arguments arguments, Evaluator evaluator) {
    arguments.bind("items", 0);
    return switch (input) {
      case Value.Undefined _ -> generator(List.of());
      case Dict dict -> {
        evaluator.budget().steps(dict.size());
        yield generator(new Value.DictView(dict, Value.DictView.Part.ITEMS).items());
      }
      default -> throw TemplateException.because("Can only get item pairs from a mapping.");
    };
  }

  private static Value join(Value input, Arguments arguments, Evaluator evaluator) {
    Value[] bound = arguments.bind("join", 0, "d", "attribute");
    Budget budget = evaluator.budget();
    Str separator = bound[0] == null ? Str.EMPTY : Printer.str(bound[0], budget);
    List<Value> path = path(bound[1], budget);
    StrBuilder out = new StrBuilder(budget);
    boolean first = true;
    for (Value item : Iteration.toList(input, budget)) {
      if (!first) {
        out.append(separator);
      }
      out.append(Printer.str(Access.path(item, path, null, budget), budget));
      first = false;
    }
    return out.toStr();
  }

  private static Value reverse(Value input, Arguments arguments, Evaluator evaluator) {
    arguments.bind("reverse", 0);
    Budget budget = evaluator.budget();
    if (!Iteration.isIterable(input)) {
      throw TemplateException.because("argument must be iterable");
    }
    List<Value> items = Iteration.toList(input, budget);
    Collections.reverse(items);
    return switch (input) {
      case Str text -> {
        StrBuilder out = new StrBuilder(budget);
        items.forEach(character -> out.append((Str) character));
        yield out.toStr().markedAs(text);
      }
      case Value.Generator _ -> Value.Sequence.list(items);
      default -> generator(items);
    };
  }

  /** The parts of an {@code attribute} argument; none if it was left out. */
  private static List<Value> path(Value attribute, Budget budget) {
    return attribute == null ? List.of() : Access.pathParts(attribute, budget);
  }

  private static Value ignoreCase(Value value, Budget budget) {
    return value instanceof Str text ? StringOperations.lower(text, budget) : value;
  }

  /** What items are compared by: an attribute of theirs, in lower case unless case counts. */
  private static UnaryOperator<Value> key(Value attribute, boolean caseSensitive, Budget budget) {
    List<Value> path = path(attribute, budget);
    return item -> {
      Value key = Access.path(item, path, null, budget);
      return caseSensitive ? key : ignoreCase(key, budget);
    };
  }

  /** An item and what it is sorted by. */
  private record Keyed(Value key, Value item) {}

  private static List<Value> sorted(
      List<Value> items, UnaryOperator<Value> key, boolean reverse, Budget budget) {
    List<Keyed> keyed = new ArrayList<>();
    for (Value item : items) {
      keyed.add(new Keyed(key.apply(item), item));
    }
    Comparisons.Order order = reverse ? Comparisons.Order.GREATER : Comparisons.Order.LESS;
    Sorting.sorted(keyed, (a, b) -> Comparisons.holds(order, a.key(), b.key(), budget));
    List<Value> sorted = new ArrayList<>();
    keyed.forEach(item -> sorted.add(item.item()));
    return sorted;
  }

  private static Value sort(Value input, Arguments arguments, Evaluator evaluator) {
    Value[] bound = arguments.bind("sort", 0, "reverse", "case_sensitive", "attribute");
    Budget budget = evaluator.budget();
    boolean caseSensitive = Arguments.truth(bound[1], false);
    List<UnaryOperator<Value>> keys = new ArrayList<>();
    if (bound[2] instanceof Str attributes) {
      for (Value attribute :
          StringOperations.split(attributes, ",", Long.MAX_VALUE, false, budget).items()) {
        keys.add(key(attribute, caseSensitive, budget));
      }
    } else {
      keys.add(key(bound[2], caseSensitive, budget));
    }
    UnaryOperator<Value> compound =
        item -> Value.Sequence.list(keys.stream().map(key -> key.apply(item)).toList());
    return Value.Sequence.list(
        sorted(
            Iteration.toList(input, budget),
            keys.size() == 1 ? keys.getFirst() : compound,
            Arguments.truth(bound[0], false),
            budget));
  }

  private static Value dictSort(Value input, Arguments arguments, Evaluator evaluator) {
    Value[] bound = arguments.bind("dictsort", 0, "case_sensitive", "by", "reverse");
    Budget budget = evaluator.budget();
    String by = bound[1] == null ? "key" : Printer.str(bound[1], budget).text();
    if (!by.equals("key") && !by.equals("value")) {
      throw TemplateException.because("You can only sort by either \"key\" or \"value\"");
    }
    if (!(input instanceof Dict dict)) {
      Operators.refuseUndefined(input, budget);
      throw Access.undefined(input, Str.ofTemplate("items")).failure(budget);
    }
    Value position = Value.Int.of(by.equals("key") ? 0 : 1);
    boolean caseSensitive = Arguments.truth(bound[0], false);
    budget.steps(dict.size());
    return Value.Sequence.list(
        sorted(
            new Value.DictView(dict, Value.DictView.Part.ITEMS).items(),
            key(position, caseSensitive, budget),
            Arguments.truth(bound[2], false),
            budget));
  }

  private static Value unique(Value input, Arguments arguments, Evaluator evaluator) {
    Value[] bound = arguments.bind("unique", 0, "case_sensitive", "attribute");
    Budget budget = evaluator.budget();
    UnaryOperator<Value> key = key(bound[1], Arguments.truth(bound[0], false), budget);
    Set<Object> seen = new HashSet<>();
    List<Value> unique = new ArrayList<>();
    for (Value item : Iteration.toList(input, budget)) {
      if (seen.add(Dict.hashable(key.apply(item), budget))) {
        unique.add(item);
      }
    }
    return generator(unique);
  }

  private static Value extreme(String name, Value input, Arguments arguments, Evaluator evaluator) {
    Value[] bound = arguments.bind(name, 0, "case_sensitive", "attribute");
    Budget budget = evaluator.budget();
    UnaryOperator<Value> key = key(bound[1], Arguments.truth(bound[0], false), budget);
    Comparisons.Order order =
        name.equals("max") ? Comparisons.Order.GREATER : Comparisons.Order.LESS;
    Value best = null;
    Value bestKey = null;
    for (Value item : Iteration.toList(input, budget)) {
      Value itemKey = key.apply(item);
      if (best == null || Comparisons.holds(order, itemKey, bestKey, budget)) {
        best = item;
        bestKey = itemKey;
      }
    }
    return best != null ? best : Value.Undefined.because("No aggregated item, sequence was empty.");
  }

  private static Value sum(Value input, Arguments arguments, Evaluator evaluator) {
    Value[] bound = arguments.bind("sum", 0, "attribute", "start");
    Budget budget = evaluator.budget();
    List<Value> path = path(bound[0], budget);
    Value sum = bound[1] == null ? Value.Int.of(0) : bound[1];
    if (sum instanceof Str) {
      throw TemplateException.because("sum() can't sum strings [use ''.join(seq) instead]");
    }
    for (Value item : Iteration.toList(input, budget)) {
      Value added = Access.path(item, path, null, budget);
      sum = Operators.apply(Operators.Binary.ADD, sum, added, budget);
    }
    return sum;
  }
}
