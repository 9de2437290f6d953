package dev.chaski.chat;

import java.util.Objects;

/**
 * One message of a conversation.
 *
 * @param role who speaks
 * @param content the text; whatever it holds, it is never read as a special token
 */
public record Message(Role role, String content) {
  /** Both parts are there. */
  public Message {
    Objects.requireNonNull(role, "role");
    Objects.requireNonNull(content, "content");
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
}
