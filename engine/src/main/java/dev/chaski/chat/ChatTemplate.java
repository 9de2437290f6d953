package dev.chaski.chat;

import java.util.List;

/** How a model wants a conversation written. */
public interface ChatTemplate {
  /** A short name for people. */
  String name();

  /**
   * Writes a conversation, without the token that begins a text.
   *
   * @param messages at least one; a system message only at the start
   * @param addGenerationPrompt whether to end with the opening of the assistant's turn
   */
  List<Segment> render(List<Message> messages, boolean addGenerationPrompt);
}
