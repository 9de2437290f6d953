package dev.chaski;

import dev.chaski.chat.tool.ToolCall;
import dev.chaski.chat.tool.ToolCallListener;
import dev.chaski.generate.GenerationListener;
import java.util.ArrayList;
import java.util.List;

/** Keeps text and calls of an answer, and passes them on. */
final class AnswerCollector implements ToolCallListener {
  private final ChatListener listener;
  private final StringBuilder text = new StringBuilder();
  private final List<ToolCall> calls = new ArrayList<>();

  AnswerCollector(ChatListener listener) {
    this.listener = listener;
  }

  @Override
  public void onText(String piece) {
    text.append(piece);
    listener.onText(piece);
  }

  @Override
  public void onToolCall(ToolCall call) {
    calls.add(call);
    listener.onToolCall(call);
  }

  /** Takes what is generated, through something that takes its text. */
  GenerationListener through(GenerationListener textTaker) {
    return new GenerationListener() {
      @Override
      public void onText(String piece) {
        textTaker.onText(piece);
      }

      @Override
      public void onPrefill(int done, int total) {
        listener.onPrefill(done, total);
      }
    };
  }

  String text() {
    return text.toString();
  }

  List<ToolCall> calls() {
    return calls;
  }
}
