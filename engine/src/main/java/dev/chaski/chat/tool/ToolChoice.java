package dev.chaski.chat.tool;

import java.util.Objects;

/** Whether an answer calls a tool. */
public sealed interface ToolChoice {
  /** The model decides. */
  record Auto() implements ToolChoice {}

  /** It calls none: it is not told of them. */
  record None() implements ToolChoice {}

  /** It calls one of them, and says nothing else. */
  record Required() implements ToolChoice {}

  /**
   * It calls this one, and says nothing else.
   *
   * @param name of one of the tools
   */
  record Named(String name) implements ToolChoice {
    /** Checks that there is a name. */
    public Named {
      Objects.requireNonNull(name, "name");
    }
  }

  /** The model decides. */
  static ToolChoice auto() {
    return new Auto();
  }

  /** No tool is called. */
  static ToolChoice none() {
    return new None();
  }

  /** Some tool is called. */
  static ToolChoice required() {
    return new Required();
  }

  /** This tool is called. */
  static ToolChoice named(String name) {
    return new Named(name);
  }
}
