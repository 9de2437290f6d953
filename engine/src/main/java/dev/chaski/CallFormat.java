package dev.chaski;

import dev.chaski.chat.tool.Tool;
import dev.chaski.chat.tool.ToolChoice;
import dev.chaski.format.JsonTree;
import dev.chaski.generate.ResponseFormat;
import dev.chaski.grammar.Grammar;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The format of answers that may or must be tool calls. A call is written as {@code {"name": ...,
 * "arguments": {...}}}, which is how most families were taught to, give or take what stands around
 * it, and the arguments follow the tool's schema.
 */
final class CallFormat {
  private CallFormat() {}

  /**
   * What an answer is kept to.
   *
   * @param wanted what it is kept to if it is no call
   * @throws IllegalArgumentException if there is no tool to call
   * @throws dev.chaski.grammar.GrammarException if the schema of a tool cannot be used
   */
  static ResponseFormat of(List<Tool> tools, ToolChoice choice, ResponseFormat wanted) {
    return switch (choice) {
      case ToolChoice.None _ -> wanted;
      case ToolChoice.Auto _ -> tools.isEmpty() ? wanted : orCall(tools, wanted);
      case ToolChoice.Required _ -> ResponseFormat.grammar(calls(tools, "any"));
      case ToolChoice.Named(String name) ->
          ResponseFormat.grammar(
              calls(tools.stream().filter(tool -> tool.name().equals(name)).toList(), name));
    };
  }

  private static ResponseFormat orCall(List<Tool> tools, ResponseFormat wanted) {
    return wanted
        .toGrammar()
        .map(grammar -> ResponseFormat.grammar(Grammar.anyOf(calls(tools, "any"), grammar)))
        .orElse(wanted);
  }

  private static Grammar calls(List<Tool> tools, String wanted) {
    if (tools.isEmpty()) {
      throw new IllegalArgumentException(
          "the answer is to call a tool (" + wanted + "), but there is none; give it as a tool");
    }
    return Grammar.anyOf(tools.stream().map(CallFormat::call).toArray(Grammar[]::new));
  }

  private static Grammar call(Tool tool) {
    Map<String, Object> schema = new LinkedHashMap<>(tool.parameters());
    schema.putIfAbsent("type", "object");
    return Grammar.sequence(
        Grammar.text("{\"name\": \"" + tool.name() + "\", \"arguments\": "),
        Grammar.jsonSchema(JsonTree.write(schema)),
        Grammar.text("}"));
  }
}
