package dev.chaski.chat;

import dev.chaski.chat.tool.ToolCall;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * One message of a conversation.
 *
 * @param role who speaks
 * @param content the text; whatever it holds, it is never read as a special token
 * @param toolCalls what the assistant wants to have called
 * @param answeredCall of a message of {@link Role#TOOL}: the call whose result it is
 */
public record Message(
    Role role, String content, List<ToolCall> toolCalls, Optional<ToolCall> answeredCall) {
  /**
   * Checks the parts.
   *
   * @throws IllegalArgumentException if somebody other than the assistant calls tools, or somebody
   *     other than a tool answers a call
   */
  public Message {
    Objects.requireNonNull(role, "role");
    Objects.requireNonNull(content, "content");
    toolCalls = List.copyOf(toolCalls);
    if (!toolCalls.isEmpty() && role != Role.ASSISTANT) {
      throw new IllegalArgumentException("only the assistant calls tools, not " + role);
    }
    if (answeredCall.isPresent() && role != Role.TOOL) {
      throw new IllegalArgumentException("only a tool answers a tool call, not " + role);
    }
  }

  /** A message of text alone. */
  public Message(Role role, String content) {
    this(role, content, List.of(), Optional.empty());
  }

  /** What the model is told before the conversation. */
  public static Message system(String content) {
    return new Message(Role.SYSTEM, content);
  }

  /** What the person says. */
  public static Message user(String content) {
    return new Message(Role.USER, content);
  }

  /** What the model said. */
  public static Message assistant(String content) {
    return new Message(Role.ASSISTANT, content);
  }

  /** What the model said, and wanted to have called. */
  public static Message assistant(String content, List<ToolCall> toolCalls) {
    return new Message(Role.ASSISTANT, content, toolCalls, Optional.empty());
  }

  /** What a tool answered. */
  public static Message tool(ToolCall call, String result) {
    return new Message(Role.TOOL, result, List.of(), Optional.of(call));
  }
}
