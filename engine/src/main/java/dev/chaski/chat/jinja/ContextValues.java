package dev.chaski.chat.jinja;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Turns the Java values of a context into values a template can see; all text is context text. */
final class ContextValues {
  private final Budget budget;

  ContextValues(Budget budget) {
    this.budget = budget;
  }

  Map<String, Value> convert(Map<String, ?> context) {
    Map<String, Value> variables = new HashMap<>();
    context.forEach((name, value) -> variables.put(name, convert(value, name)));
    return variables;
  }

  private Value convert(Object value, String path) {
    return switch (value) {
      case null -> Value.None.NONE;
      case TemplateText(String text) -> Str.ofTemplate(text);
      case String text -> Str.ofContext(text);
      case Boolean bool -> Value.Bool.of(bool);
      case Integer number -> Value.Int.of(number);
      case Long number -> Value.Int.of(number);
      case BigInteger number -> new Value.Int(Budget.checked(number));
      case Double number -> new Value.Real(number);
      case Float number -> new Value.Real(number);
      case BigDecimal number -> new Value.Real(number.doubleValue());
      case List<?> items -> list(items, path);
      case Map<?, ?> entries -> dict(entries, path);
      default ->
          throw new IllegalArgumentException(
              "%s is a %s, which templates do not know; expected String, TemplateText, Boolean, Integer, Long, Double, List, Map or null"
                  .formatted(path, value.getClass().getName()));
    };
  }

  private Value list(List<?> items, String path) {
    budget.enter();
    List<Value> values = new ArrayList<>(items.size());
    for (Object item : items) {
      values.add(convert(item, path + "[" + values.size() + "]"));
    }
    budget.leave();
    return Value.Sequence.list(values);
  }

  private Value dict(Map<?, ?> entries, String path) {
    budget.enter();
    Dict dict = new Dict();
    entries.forEach((key, value) ->
        dict.put(convert(key, "a key of " + path), convert(value, path + "." + key), budget));
    budget.leave();
    return dict;
  }
}
