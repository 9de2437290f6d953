package dev.chaski;

import dev.chaski.chat.tool.ToolCall;
import dev.chaski.generate.GenerationListener;

/**
 * Hears of an answer as it comes, on the answering thread; its text without tool calls. An
 * exception ends the answer.
 */
@FunctionalInterface
public interface ChatListener extends GenerationListener {
  /** Hears nothing. */
  ChatListener NONE = _ -> {};

  /** The model wants something to be called. */
  default void onToolCall(ToolCall call) {}
}
