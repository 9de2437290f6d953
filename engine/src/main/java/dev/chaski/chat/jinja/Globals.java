package dev.chaski.chat.jinja;

import dev.chaski.chat.jinja.TemplateLimitException.Limit;
import java.time.Clock;
import java.time.ZonedDateTime;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/** The functions every template can call. */
final class Globals {
  private Globals() {}

  /** The functions by name; {@code strftime_now} reads {@code clock}. */
  static Map<String, Value> functions(Clock clock) {
    return Map.of(
        "range", function("range", (arguments, in) -> range(arguments, in.budget())),
        "dict", function("dict", (arguments, in) -> dict(arguments, in.budget())),
        "namespace", function("namespace", (arguments, in) -> namespace(arguments, in.budget())),
        "raise_exception", function("raise_exception", Globals::raise),
        "strftime_now",
            function("strftime_now", (arguments, in) -> now(arguments, clock, in.budget())));
  }

  private static Value function(String name, Value.Function.Body body) {
    return new Value.Function(name, body);
  }

  private static Value range(Arguments arguments, Budget budget) {
    Value[] bound = arguments.bind("range", 1, "start", "stop", "step");
    long start = bound[1] == null ? 0 : Arguments.integer(bound[0], 0);
    long stop = Arguments.integer(bound[1] == null ? bound[0] : bound[1], 0);
    long step = Arguments.integer(bound[2], 1);
    if (step == 0) {
      throw TemplateException.because("range() arg 3 must not be zero");
    }
    double size = Math.ceil(((double) stop - start) / step);
    if (size > budget.limits().maxRange()) {
      throw new TemplateLimitException(Limit.RANGE, budget.limits().maxRange());
    }
    return new Value.Range(start, stop, step, (int) Math.max(size, 0));
  }

  private static Value raise(Arguments arguments, Evaluator evaluator) {
    Value message = arguments.bind("raise_exception", 1, "message")[0];
    throw TemplateException.raised(Printer.str(message, evaluator.budget()).text());
  }

  private static Value now(Arguments arguments, Clock clock, Budget budget) {
    Value format = arguments.bind("strftime_now", 1, "format")[0];
    String pattern = Arguments.string(format, "strftime_now").text();
    return StrftimeFormat.format(pattern, ZonedDateTime.now(clock), budget);
  }

  private static Value namespace(Arguments arguments, Budget budget) {
    Value.Namespace namespace = new Value.Namespace();
    for (Dict.Entry entry : dict(arguments, budget).entries()) {
      namespace.attributes().put(Arguments.string(entry.key(), "namespace").text(), entry.value());
    }
    return namespace;
  }

  private static Dict dict(Arguments arguments, Budget budget) {
    Dict dict = new Dict();
    List<Value> positional = arguments.positional();
    if (positional.size() > 1) {
      throw TemplateException.because("dict expected at most 1 argument, got " + positional.size());
    }
    if (!positional.isEmpty()) {
      addAll(positional.getFirst(), dict, budget);
    }
    arguments.keywords().forEach((name, value) -> dict.put(Str.ofTemplate(name), value, budget));
    return dict;
  }

  private static void addAll(Value source, Dict dict, Budget budget) {
    if (source instanceof Dict other) {
      other.entries().forEach(entry -> dict.put(entry.key(), entry.value(), budget));
      return;
    }
    Iterator<Value> pairs = Iteration.over(source, budget);
    while (pairs.hasNext()) {
      List<Value> pair = Iteration.toList(pairs.next(), budget);
      if (pair.size() != 2) {
        throw TemplateException.because(
            "dictionary update sequence element #%d has length %d; 2 is required"
                .formatted(dict.size(), pair.size()));
      }
      dict.put(pair.get(0), pair.get(1), budget);
    }
  }
}
