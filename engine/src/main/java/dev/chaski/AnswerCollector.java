package dev.chaski;

import dev.chaski.chat.tool.ToolCall;
import dev.chaski.chat.tool.ToolCallListener;
import dev.chaski.chat.tool.ToolCallScanner;
import dev.chaski.generate.FinishReason;
import dev.chaski.generate.Generation;
import dev.chaski.generate.GenerationListener;
import dev.chaski.generate.TokenLogProbs;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Takes what is generated, keeps text and calls of it, and passes them on. */
final class AnswerCollector implements GenerationListener {
  private final ChatListener listener;
  private final Optional<ToolCallScanner> scanner;
  private final StringBuilder text = new StringBuilder();
  private final List<ToolCall> calls = new ArrayList<>();

  private AnswerCollector(ChatListener listener, Optional<Set<String>> tools, int callsBefore) {
    this.listener = listener;
    this.scanner =
        tools.map(names ->
            new ToolCallScanner(
                names, () -> "call_" + (callsBefore + calls.size() + 1), new Parts()));
  }

  /** For an answer that is text. */
  static AnswerCollector ofText(ChatListener listener) {
    return new AnswerCollector(listener, Optional.empty(), 0);
  }

  /**
   * For an answer that may have calls.
   *
   * @param callsBefore calls of the conversation so far
   */
  static AnswerCollector ofCalls(ChatListener listener, Set<String> tools, int callsBefore) {
    return new AnswerCollector(listener, Optional.of(tools), callsBefore);
  }

  /** Text and calls, told apart. */
  private final class Parts implements ToolCallListener {
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
  }

  @Override
  public void onText(String piece) {
    if (scanner.isPresent()) {
      scanner.get().accept(piece);
    } else {
      text.append(piece);
      listener.onText(piece);
    }
  }

  @Override
  public void onToken(TokenLogProbs token) {
    listener.onToken(token);
  }

  @Override
  public void onPrefill(int done, int total) {
    listener.onPrefill(done, total);
  }

  /** The answer, once it is generated. */
  ChatAnswer finish(Generation generation) {
    scanner.ifPresent(s -> s.finish(generation.finishReason() == FinishReason.STOP_TOKEN));
    return new ChatAnswer(text.toString(), calls, generation);
  }
}
