package dev.chaski;

import dev.chaski.chat.Message;
import dev.chaski.chat.tool.ToolCall;
import dev.chaski.generate.GenerationListener;
import java.util.List;

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

  /**
   * The conversation outgrew its context, and {@link WhenFull#FORGET_OLDEST} applies: these are no
   * longer part of what the model sees. Called before the answer.
   */
  default void onForgotten(List<Message> messages) {}
}
