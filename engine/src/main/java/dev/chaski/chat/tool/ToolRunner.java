package dev.chaski.chat.tool;

/** Does what a model asks for. */
@FunctionalInterface
public interface ToolRunner {
  /**
   * Runs a call and gives its result for the model to read. What goes wrong because of the call (a
   * tool that does not exist, a missing argument) is best told the model as a result; an exception
   * ends the turn.
   */
  String run(ToolCall call);
}
