package dev.chaski.chat;

/**
 * A piece of a rendered conversation. What is a special token and what is text is decided by the
 * template, never by looking at the text: so nobody can write a special token into a message.
 */
public sealed interface Segment {
  /** A special token by its spelling, {@code <|eot_id|>}. */
  record Special(String spelling) implements Segment {}

  /** Text, whatever it holds. */
  record Text(String text) implements Segment {}
}
