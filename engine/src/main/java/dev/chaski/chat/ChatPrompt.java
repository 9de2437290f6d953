package dev.chaski.chat;

import dev.chaski.chat.tool.Tool;
import java.util.List;

/**
 * What a template writes for a model to read.
 *
 * @param messages the conversation so far, at least one message
 * @param tools what the model may call
 * @param addGenerationPrompt whether to end with the opening of the assistant's turn
 */
public record ChatPrompt(List<Message> messages, List<Tool> tools, boolean addGenerationPrompt) {
  /** Copies the lists. */
  public ChatPrompt {
    messages = List.copyOf(messages);
    tools = List.copyOf(tools);
  }

  /** A conversation without tools that the assistant is to continue. */
  public static ChatPrompt of(List<Message> messages) {
    return new ChatPrompt(messages, List.of(), true);
  }
}
