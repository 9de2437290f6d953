package dev.chaski;

import dev.chaski.chat.CallKeys;
import dev.chaski.chat.tool.Tool;
import dev.chaski.chat.tool.ToolChoice;
import dev.chaski.format.JsonTree;
import dev.chaski.generate.ResponseFormat;
import dev.chaski.grammar.Grammar;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * The format of answers that may or must be tool calls. A call is written as {@code {"name": ...,
 * "arguments": {...}}} with the family's own keys, without what the family may put around it, and
 * the arguments follow the tool's schema.
 */
final class CallFormat {
  private CallFormat() {}

  /**
   * What an answer is kept to.
   *
   * @param wanted what it is kept to if it is no call
   * @param keys how calls are written; asked for if there may be one
   * @throws IllegalArgumentException if there is no tool to call
   * @throws dev.chaski.grammar.GrammarException if the schema of a tool cannot be used
   */
  static ResponseFormat of(
      List<Tool> tools, ToolChoice choice, ResponseFormat wanted, Supplier<CallKeys> keys) {
    return switch (choice) {
      case ToolChoice.None _ -> wanted;
      case ToolChoice.Auto _ -> tools.isEmpty() ? wanted : orCall(tools, wanted, keys);
      case ToolChoice.Required _ -> ResponseFormat.grammar(calls(tools, "any", keys.get()));
      case ToolChoice.Named(String name) ->
          ResponseFormat.grammar(
              calls(
                  tools.stream().filter(tool -> tool.name().equals(name)).toList(),
                  name,
                  keys.get()));
    };
  }

  private static ResponseFormat orCall(
      List<Tool> tools, ResponseFormat wanted, Supplier<CallKeys> keys) {
    return wanted
        .toGrammar()
        .map(grammar ->
            ResponseFormat.grammar(Grammar.anyOf(calls(tools, "any", keys.get()), grammar)))
        .orElse(wanted);
  }

  private static Grammar calls(List<Tool> tools, String wanted, CallKeys keys) {
    if (tools.isEmpty()) {
      throw new IllegalArgumentException(
          "the answer is to call a tool (" + wanted + "), but there is none; give it as a tool");
    }
    return Grammar.anyOf(tools.stream().map(tool -> call(tool, keys)).toArray(Grammar[]::new));
  }

  private static Grammar call(Tool tool, CallKeys keys) {
    Map<String, Object> schema = new LinkedHashMap<>(tool.parameters());
    schema.putIfAbsent("type", "object");
    return Grammar.sequence(
        Grammar.text(
            "{\"%s\": \"%s\", \"%s\": ".formatted(keys.name(), tool.name(), keys.arguments())),
        Grammar.jsonSchema(JsonTree.write(schema)),
        Grammar.text("}"));
  }
}
