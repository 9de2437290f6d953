package dev.chaski.cli.tool;

import dev.chaski.chat.tool.Tool;
import dev.chaski.format.JsonTree;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A tool, and the command that does its work.
 *
 * @param tool what the model is told
 * @param command program and arguments, in which <code>{city}</code> stands for the argument {@code
 *     city} of a call; started without a shell. Empty if a person is to give the result
 */
public record CommandTool(Tool tool, List<String> command) {
  private static final Pattern PLACE = Pattern.compile("\\{([A-Za-z_][A-Za-z0-9_]*)}");

  /** Copies the list. */
  public CommandTool {
    command = List.copyOf(command);
  }

  /**
   * The command for a call. A value stays within its argument, whatever it holds.
   *
   * @throws IllegalArgumentException if an argument is missing
   */
  public List<String> commandFor(Map<String, Object> arguments) {
    return command.stream().map(part -> fill(part, arguments)).toList();
  }

  private String fill(String part, Map<String, Object> arguments) {
    return PLACE
        .matcher(part)
        .replaceAll(place -> {
          String name = place.group(1);
          if (!isParameter(name)) {
            return Matcher.quoteReplacement(place.group());
          }
          Object value = arguments.get(name);
          if (value == null) {
            throw new IllegalArgumentException("the argument '" + name + "' is missing");
          }
          String text = value instanceof String string ? string : JsonTree.write(value);
          return Matcher.quoteReplacement(text);
        });
  }

  private boolean isParameter(String name) {
    return tool.parameters().get("properties") instanceof Map<?, ?> properties
        && properties.containsKey(name);
  }
}
