package dev.chaski.chat.tool;

import java.util.Objects;

/**
 * What a called function gave.
 *
 * @param call the call
 * @param content the result for the model to read, often JSON; or what went wrong
 */
public record ToolResult(ToolCall call, String content) {
  /** Both are there. */
  public ToolResult {
    Objects.requireNonNull(call, "call");
    Objects.requireNonNull(content, "content");
  }
}
