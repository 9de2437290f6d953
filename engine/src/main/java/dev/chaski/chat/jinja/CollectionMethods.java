package dev.chaski.chat.jinja;

import java.util.List;
import java.util.Map;
import java.util.Set;

/** The methods of dicts, lists and tuples that change nothing. */
final class CollectionMethods {
  @FunctionalInterface
  private interface DictMethod {
    Value call(Dict dict, Arguments arguments, Budget budget);
  }

  @FunctionalInterface
  private interface ListMethod {
    Value call(Value.Sequence list, Arguments arguments, Budget budget);
  }

  private static final Map<String, DictMethod> OF_DICT =
      Map.of(
          "copy",
          CollectionMethods::copy,
          "get",
          CollectionMethods::get,
          "items",
          (dict, arguments, _) -> view(dict, arguments, Value.DictView.Part.ITEMS),
          "keys",
          (dict, arguments, _) -> view(dict, arguments, Value.DictView.Part.KEYS),
          "values",
          (dict, arguments, _) -> view(dict, arguments, Value.DictView.Part.VALUES));

  private static final Map<String, ListMethod> OF_LIST =
      Map.of(
          "count",
          CollectionMethods::count,
          "index",
          CollectionMethods::index,
          "copy",
          CollectionMethods::copy);

  private static final Set<String> DICT_MUTATORS =
      Set.of("clear", "pop", "popitem", "setdefault", "update");

  private static final Set<String> LIST_MUTATORS =
      Set.of("append", "clear", "extend", "insert", "pop", "remove", "reverse", "sort");

  private CollectionMethods() {}

  /** A method that a template must not call, for it would change what others see. */
  static boolean isMutator(Value owner, String name) {
    return switch (owner) {
      case Dict _ -> DICT_MUTATORS.contains(name);
      case Value.Sequence list -> !list.isTuple() && LIST_MUTATORS.contains(name);
      default -> false;
    };
  }

  /** The method of a dict, or null. */
  static Value bind(Dict dict, String name) {
    DictMethod method = OF_DICT.get(name);
    return method == null
        ? null
        : new Value.Function(
            name, (arguments, evaluator) -> method.call(dict, arguments, evaluator.budget()));
  }

  /** The method of a list or tuple, or null. */
  static Value bind(Value.Sequence list, String name) {
    ListMethod method = list.isTuple() && name.equals("copy") ? null : OF_LIST.get(name);
    return method == null
        ? null
        : new Value.Function(
            name, (arguments, evaluator) -> method.call(list, arguments, evaluator.budget()));
  }

  private static Value copy(Dict dict, Arguments arguments, Budget budget) {
    arguments.bind("copy", 0);
    return dict;
  }

  private static Value copy(Value.Sequence list, Arguments arguments, Budget budget) {
    arguments.bind("copy", 0);
    return list;
  }

  private static Value get(Dict dict, Arguments arguments, Budget budget) {
    Value[] bound = arguments.bind("get", 1, "key", "default");
    Value found = dict.get(bound[0], budget);
    if (found != null) {
      return found;
    }
    return bound[1] == null ? Value.None.NONE : bound[1];
  }

  private static Value view(Dict dict, Arguments arguments, Value.DictView.Part part) {
    arguments.bind(part.name(), 0);
    return new Value.DictView(dict, part);
  }

  private static Value count(Value.Sequence list, Arguments arguments, Budget budget) {
    Value wanted = arguments.bind("count", 1, "value")[0];
    List<Value> items = list.items();
    return Value.Int.of(
        items.stream().filter(item -> Comparisons.equal(item, wanted, budget)).count());
  }

  private static Value index(Value.Sequence list, Arguments arguments, Budget budget) {
    Value[] bound = arguments.bind("index", 1, "value", "start", "stop");
    int size = list.items().size();
    long start = Arguments.integer(bound[1], 0);
    long stop = Arguments.integer(bound[2], size);
    start = Math.clamp(start < 0 ? start + size : start, 0, size);
    stop = Math.clamp(stop < 0 ? stop + size : stop, 0, size);
    for (int i = (int) start; i < stop; i++) {
      if (Comparisons.equal(list.items().get(i), bound[0], budget)) {
        return Value.Int.of(i);
      }
    }
    throw TemplateException.because(
        Printer.repr(bound[0], budget).text() + " is not in " + list.typeName());
  }
}
