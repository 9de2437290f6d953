package dev.chaski.chat;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a family calls the parts of a tool call: Llama 3.1 {@code {"name": ..., "parameters": ...}},
 * Hermes {@code {"name": ..., "arguments": ...}}, Storm {@code {"tool_name": ..., "tool_arguments":
 * ...}}.
 *
 * @param name key of the tool's name
 * @param arguments key of its arguments
 */
public record CallKeys(String name, String arguments) {
  /** Of most, and of those that do not show theirs. */
  public static final CallKeys USUAL = new CallKeys("name", "arguments");

  /**
   * The keys in the last call of a rendered conversation. Tools may be described before it or
   * behind it, so the name is the nearest one to the arguments.
   *
   * @param tool its name
   * @param argument the name of its first argument
   */
  static CallKeys of(String rendered, String tool, String argument) {
    // The arguments may be an object or a string, in which quotes are escaped.
    Matcher arguments = key("[\"']?\\{\\s*\\\\?[\"']" + argument).matcher(rendered);
    int at = -1;
    CallKeys keys = USUAL;
    while (arguments.find()) {
      at = arguments.start();
      keys = new CallKeys(USUAL.name, arguments.group(1));
    }
    if (at < 0) {
      return USUAL;
    }
    Matcher name = key("[\"']" + tool + "[\"']").matcher(rendered);
    int distance = Integer.MAX_VALUE;
    while (name.find()) {
      if (Math.abs(name.start() - at) < distance) {
        distance = Math.abs(name.start() - at);
        keys = new CallKeys(name.group(1), keys.arguments);
      }
    }
    return keys;
  }

  private static Pattern key(String value) {
    return Pattern.compile("[\"'](\\w+)[\"']\\s*:\\s*" + value);
  }
}
