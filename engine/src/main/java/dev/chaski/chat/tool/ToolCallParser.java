package dev.chaski.chat.tool;

import dev.chaski.chat.tool.LooseJson.NotJsonException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads the calls in a stretch of text that is known, or thought, to hold nothing else. All of it
 * must be calls, else there are none.
 */
final class ToolCallParser {
  /** A call without an id. */
  record Parsed(String name, Map<String, Object> arguments) {}

  /** What stands for the name in an object, by family; the first is everybody's. */
  static final List<String> NAME_KEYS = List.of("name", "tool_name", "function");

  /** What stands for the arguments: Hermes, Llama 3.1, Storm. */
  static final List<String> ARGUMENT_KEYS = List.of("arguments", "parameters", "tool_arguments");

  private static final String CODE_INTERPRETER = "code_interpreter";

  private ToolCallParser() {}

  /**
   * Calls as objects, one after the other or in lists: {@code {"name": ..., "arguments": {...}}}.
   *
   * @param mayBeCut whether closing brackets may be missing at the end
   */
  static List<Parsed> objects(String text, boolean mayBeCut) {
    LooseJson json = new LooseJson(text, 0, mayBeCut);
    List<Parsed> calls = new ArrayList<>();
    try {
      while (json.skip(",;")) {
        if (!calls.isEmpty() && text.substring(json.position()).matches("[}\\]\\s]+")) {
          break; // models like to close one bracket too many
        }
        if (!add(json.value(), calls)) {
          return List.of();
        }
      }
      return calls;
    } catch (NotJsonException _) {
      return List.of();
    }
  }

  /** Adds the calls that a value is, and answers whether it is nothing else. */
  static boolean add(Object value, List<Parsed> calls) {
    return switch (value) {
      case List<?> list -> !list.isEmpty() && list.stream().allMatch(call -> add(call, calls));
      case Map<?, ?> object -> {
        Optional<Parsed> call = call(object);
        call.ifPresent(calls::add);
        yield call.isPresent();
      }
      case null, default -> false;
    };
  }

  private static Optional<Parsed> call(Map<?, ?> object) {
    if (object.get("function") instanceof Map<?, ?> function) {
      return call(function); // as OpenAI's API has it
    }
    Object arguments = first(object, ARGUMENT_KEYS);
    if (first(object, NAME_KEYS) instanceof String name && !name.isBlank()) {
      return arguments(arguments).map(map -> new Parsed(name.strip(), map));
    }
    return Optional.empty();
  }

  private static Object first(Map<?, ?> object, List<String> keys) {
    for (String key : keys) {
      if (object.get(key) != null) {
        return object.get(key);
      }
    }
    return null;
  }

  private static Optional<Map<String, Object>> arguments(Object value) {
    return switch (value) {
      case null -> Optional.of(Map.of());
      case Map<?, ?> map -> Optional.of(Tool.withStringKeys(map));
      case String text when text.isBlank() -> Optional.of(Map.of());
      case String text -> object(text);
      default -> Optional.empty();
    };
  }

  private static Optional<Map<String, Object>> object(String text) {
    LooseJson json = new LooseJson(text, 0, false);
    try {
      return json.value() instanceof Map<?, ?> map && !json.skip("")
          ? Optional.of(Tool.withStringKeys(map))
          : Optional.empty();
    } catch (NotJsonException _) {
      return Optional.empty();
    }
  }

  /** The arguments of a call whose name is known already. */
  static List<Parsed> named(String name, String arguments) {
    return arguments(arguments).map(map -> List.of(new Parsed(name, map))).orElse(List.of());
  }

  /**
   * Calls as Python writes them: {@code get_weather(city="Lima")}, several in a list. {@code
   * name.call(...)}, as Llama 3.1 has it for the tools it was trained with, calls {@code name}.
   */
  static List<Parsed> python(String text) {
    LooseJson source = new LooseJson(text, 0, false);
    List<Parsed> calls = python(source);
    return source.skip("") ? List.of() : calls;
  }

  /** As {@link #python(String)}, for text that may go on behind the calls. */
  static List<Parsed> python(LooseJson source) {
    boolean list = source.take('[');
    List<Parsed> calls = new ArrayList<>();
    try {
      do {
        calls.add(pythonCall(source));
      } while (source.take(',') || source.take(';'));
    } catch (NotJsonException _) {
      return List.of();
    }
    return !list || source.take(']') ? calls : List.of();
  }

  private static Parsed pythonCall(LooseJson source) throws NotJsonException {
    String name = source.name();
    while (source.take('.')) {
      String member = source.name();
      name = member.equals("call") ? name : name + "." + member;
    }
    if (name.isEmpty() || !source.take('(')) {
      throw new NotJsonException("no call", source.position());
    }
    Map<String, Object> arguments = new LinkedHashMap<>();
    while (!source.take(')')) {
      String key = source.name();
      if (key.isEmpty() || !source.take('=')) {
        throw new NotJsonException("no named argument", source.position());
      }
      arguments.put(key, source.value());
      source.take(',');
    }
    return new Parsed(name, arguments);
  }

  /** What follows {@code <|python_tag|>}: a call in either form, or else a program to run. */
  static List<Parsed> afterPythonTag(String text, boolean mayBeCut) {
    List<Parsed> calls = objects(text, mayBeCut);
    if (calls.isEmpty()) {
      calls = python(text);
    }
    if (calls.isEmpty() && !text.isBlank()) {
      calls = List.of(new Parsed(CODE_INTERPRETER, Map.of("code", text.strip())));
    }
    return calls;
  }
}
