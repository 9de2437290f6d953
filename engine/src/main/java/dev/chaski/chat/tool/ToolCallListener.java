package dev.chaski.chat.tool;

/** Hears what a {@link ToolCallScanner} finds, in the order of the answer. */
public interface ToolCallListener {
  /** Text that is no part of a call; not empty. */
  void onText(String piece);

  /** A whole call. */
  void onToolCall(ToolCall call);
}
