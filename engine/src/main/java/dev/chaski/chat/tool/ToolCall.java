package dev.chaski.chat.tool;

import dev.chaski.format.JsonTree;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * A model's wish to have a function called. The model may have made up the name and any argument:
 * check them before acting on them.
 *
 * @param id tells the calls of a conversation apart
 * @param name of the function
 * @param arguments made of maps, lists, strings, numbers, booleans and nulls
 */
public record ToolCall(String id, String name, Map<String, Object> arguments) {
  /** Copies the arguments. */
  public ToolCall {
    Objects.requireNonNull(id, "id");
    Objects.requireNonNull(name, "name");
    arguments = Collections.unmodifiableMap(new LinkedHashMap<>(arguments));
  }

  /** The arguments as a JSON object, on one line. */
  public String argumentsJson() {
    return JsonTree.write(arguments);
  }

  /**
   * The call as OpenAI's API has it, where arguments are a string of JSON: {@code {"id": ...,
   * "type": "function", "function": {"name": ..., "arguments": "{...}"}}}.
   */
  public Map<String, Object> toOpenAi() {
    return asMap(argumentsJson());
  }

  /** As chat templates expect it: as OpenAI's, but the arguments are an object. */
  public Map<String, Object> toTemplate() {
    return asMap(arguments);
  }

  private Map<String, Object> asMap(Object argumentsValue) {
    Map<String, Object> function = new LinkedHashMap<>();
    function.put("name", name);
    function.put("arguments", argumentsValue);
    Map<String, Object> call = new LinkedHashMap<>();
    call.put("id", id);
    call.put("type", "function");
    call.put("function", function);
    return call;
  }
}
