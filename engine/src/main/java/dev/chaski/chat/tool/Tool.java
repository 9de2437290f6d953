package dev.chaski.chat.tool;

import dev.chaski.format.JsonTree;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * A function that a model may ask for.
 *
 * @param name letters, digits, {@code _ - . /}: models copy it
 * @param description what it does, for the model
 * @param parameters JSON Schema of its arguments, an object with {@code properties}; made of maps,
 *     lists, strings, numbers, booleans and nulls
 */
public record Tool(String name, String description, Map<String, Object> parameters) {
  /**
   * Copies the schema.
   *
   * @throws IllegalArgumentException if the name is empty or has other characters
   */
  public Tool {
    Objects.requireNonNull(description, "description");
    if (!name.matches("[A-Za-z0-9_./-]+")) {
      throw new IllegalArgumentException(
          "a tool is called '" + name + "'; use letters, digits, _ - . and / only");
    }
    parameters = Collections.unmodifiableMap(new LinkedHashMap<>(parameters));
  }

  /**
   * A tool whose schema is JSON text.
   *
   * @throws IllegalArgumentException if that is not a JSON object, or the name is not usable
   */
  public static Tool of(String name, String description, String parameters) {
    if (!(JsonTree.parse(parameters) instanceof Map<?, ?> schema)) {
      throw new IllegalArgumentException(
          "the parameters of tool '" + name + "' are not a JSON object: " + parameters);
    }
    return new Tool(name, description, withStringKeys(schema));
  }

  /** The tool as OpenAI's API has it: {@code {"type": "function", "function": {...}}}. */
  public Map<String, Object> toOpenAi() {
    Map<String, Object> function = new LinkedHashMap<>();
    function.put("name", name);
    function.put("description", description);
    function.put("parameters", parameters);
    Map<String, Object> tool = new LinkedHashMap<>();
    tool.put("type", "function");
    tool.put("function", function);
    return tool;
  }

  /** Keys of JSON are strings; the type system does not know. */
  static Map<String, Object> withStringKeys(Map<?, ?> object) {
    Map<String, Object> copy = new LinkedHashMap<>();
    object.forEach((key, value) -> copy.put((String) key, value));
    return copy;
  }
}
