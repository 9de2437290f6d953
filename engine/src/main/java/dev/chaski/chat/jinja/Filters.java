package dev.chaski.chat.jinja;

import java.util.HashMap;
import java.util.Map;

/** The filters by name. */
final class Filters {
  /** What stands after a {@code |}. */
  @FunctionalInterface
  interface Filter {
    Value apply(Value input, Arguments arguments, Evaluator evaluator);
  }

  private static final Map<String, Filter> ALL = all();

  private Filters() {}

  private static Map<String, Filter> all() {
    Map<String, Filter> all = new HashMap<>(StringFilters.FILTERS);
    all.putAll(SequenceFilters.FILTERS);
    all.putAll(SelectionFilters.FILTERS);
    all.putAll(NumberFilters.FILTERS);
    return Map.copyOf(all);
  }

  static boolean exists(String name) {
    return ALL.containsKey(name);
  }

  static Filter named(String name) {
    Filter filter = ALL.get(name);
    if (filter == null) {
      throw TemplateException.because("No filter named '" + name + "'.");
    }
    return filter;
  }
}
