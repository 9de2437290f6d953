package dev.chaski.chat.jinja;

import java.util.List;
import java.util.Map;

/**
 * The values a function, filter, test or macro is called with.
 *
 * @param keywords in the order written
 */
record Arguments(List<Value> positional, Map<String, Value> keywords) {
  static final Arguments NONE = new Arguments(List.of(), Map.of());

  /**
   * The arguments in the order of {@code parameters}; null for those left out.
   *
   * @param required how many must be there
   */
  Value[] bind(String function, int required, String... parameters) {
    if (positional.size() > parameters.length) {
      throw TemplateException.because(
          "%s() takes at most %d arguments (%d given)"
              .formatted(function, parameters.length, positional.size()));
    }
    Value[] bound = positional.toArray(new Value[parameters.length]);
    keywords.forEach((name, value) -> {
      int index = List.of(parameters).indexOf(name);
      if (index < 0) {
        throw TemplateException.because(
            function + "() got an unexpected keyword argument '" + name + "'");
      }
      if (bound[index] != null) {
        throw TemplateException.because(
            function + "() got multiple values for argument '" + name + "'");
      }
      bound[index] = value;
    });
    for (int i = 0; i < required; i++) {
      if (bound[i] == null) {
        throw TemplateException.because(
            function + "() missing required argument '" + parameters[i] + "'");
      }
    }
    return bound;
  }

  /** These arguments without the first {@code count} positional ones. */
  Arguments skip(int count) {
    return new Arguments(positional.subList(count, positional.size()), keywords);
  }

  /** An integer that a parameter wants, or {@code absent} if it was left out. */
  static long integer(Value argument, long absent) {
    if (argument == null) {
      return absent;
    }
    return switch (argument) {
      case Value.Bool bool -> bool.asInt();
      case Value.Int number -> Numbers.clamp(number.value());
      default ->
          throw TemplateException.because(
              "'" + argument.typeName() + "' object cannot be interpreted as an integer");
    };
  }

  /** The truth of a parameter, or {@code absent} if it was left out. */
  static boolean truth(Value argument, boolean absent) {
    return argument == null ? absent : Value.isTrue(argument);
  }

  /** A string that a parameter wants; what else it may be is not for it. */
  static Str string(Value argument, String function) {
    if (argument instanceof Str string) {
      return string;
    }
    throw TemplateException.because(function + " expected str, but got " + argument.typeName());
  }
}
