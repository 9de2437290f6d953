package dev.chaski.cli.tool;

import dev.chaski.chat.tool.Tool;
import dev.chaski.format.JsonTree;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Reads a file of tools: a JSON list of objects with {@code name}, {@code description}, {@code
 * parameters} (JSON Schema) and maybe {@code command} (a list of strings). OpenAI's form, where all
 * but the command stands in an object {@code function}, is understood too.
 */
public final class ToolFile {
  private ToolFile() {}

  /**
   * The tools in a text.
   *
   * @param path where it is from, for messages
   * @throws IOException if it is not such a file
   */
  public static List<CommandTool> parse(Path path, String text) throws IOException {
    int number = 0;
    try {
      if (!(JsonTree.parse(text) instanceof List<?> list)) {
        throw new IllegalArgumentException("expected a list of tools, [{\"name\": ...}, ...]");
      }
      List<CommandTool> tools = new ArrayList<>();
      Set<String> names = new HashSet<>();
      for (Object entry : list) {
        number++;
        CommandTool tool = tool(entry);
        if (!names.add(tool.tool().name())) {
          throw new IllegalArgumentException("'" + tool.tool().name() + "' is there twice");
        }
        tools.add(tool);
      }
      return tools;
    } catch (IllegalArgumentException e) {
      String place = number == 0 ? "" : "tool " + number + ": ";
      throw new IOException(path + ": " + place + e.getMessage(), e);
    }
  }

  private static CommandTool tool(Object entry) {
    Map<String, Object> outer = object(entry, "a tool");
    Map<String, Object> inner =
        outer.containsKey("function") ? object(outer.get("function"), "function") : outer;
    if (!(inner.get("name") instanceof String name)) {
      throw new IllegalArgumentException("there is no \"name\"");
    }
    Object description = inner.getOrDefault("description", "");
    if (!(description instanceof String told)) {
      throw new IllegalArgumentException("\"description\" must be a string");
    }
    Object parameters =
        inner.getOrDefault("parameters", Map.of("type", "object", "properties", Map.of()));
    return new CommandTool(
        new Tool(name, told, object(parameters, "\"parameters\"")),
        command(outer.getOrDefault("command", inner.getOrDefault("command", List.of()))));
  }

  private static Map<String, Object> object(Object value, String what) {
    if (!(value instanceof Map<?, ?> map)) {
      throw new IllegalArgumentException(what + " must be an object, {...}");
    }
    Map<String, Object> copy = new LinkedHashMap<>();
    map.forEach((key, element) -> copy.put((String) key, element));
    return copy;
  }

  private static List<String> command(Object value) {
    List<String> command = new ArrayList<>();
    if (value instanceof List<?> parts) {
      for (Object part : parts) {
        if (part instanceof String text) {
          command.add(text);
        }
      }
      if (command.size() == parts.size()) {
        return command;
      }
    }
    throw new IllegalArgumentException(
        "\"command\" must be a list of strings, [\"program\", \"argument\", ...]");
  }
}
