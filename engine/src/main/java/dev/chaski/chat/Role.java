package dev.chaski.chat;

import java.util.Locale;

/** Who speaks in a message. */
public enum Role {
  SYSTEM,
  USER,
  ASSISTANT,
  /** The result of a tool call. */
  TOOL;

  /** As templates spell it: {@code user}. */
  public String spelling() {
    return name().toLowerCase(Locale.ROOT);
  }
}
