package dev.chaski.langchain4j;

import dev.chaski.ChatListener;
import dev.chaski.chat.tool.ToolCall;
import dev.chaski.generate.Cancellation;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.CompleteToolCall;
import dev.langchain4j.model.chat.response.PartialResponse;
import dev.langchain4j.model.chat.response.PartialResponseContext;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.chat.response.StreamingHandle;

/** Passes one answer on to a handler, which hears of one end of it at most. */
final class StreamedAnswer implements ChatListener, StreamingHandle {
  private static final System.Logger LOG = System.getLogger(StreamedAnswer.class.getName());

  private final StreamingChatResponseHandler handler;
  private final Cancellation cancellation;
  private volatile boolean cancelled; // by the handler; the answer may be for other reasons, too
  private RuntimeException failure; // of the handler
  private int calls;

  StreamedAnswer(StreamingChatResponseHandler handler, Cancellation cancellation) {
    this.handler = handler;
    this.cancellation = cancellation;
  }

  @Override
  public void onText(String piece) {
    tell(() ->
        handler.onPartialResponse(new PartialResponse(piece), new PartialResponseContext(this)));
  }

  @Override
  public void onToolCall(ToolCall call) {
    tell(() -> handler.onCompleteToolCall(new CompleteToolCall(calls++, Responses.call(call))));
  }

  private void tell(Runnable news) {
    if (cancelled || failure != null) {
      return; // what was generated before the cancellation was seen
    }
    try {
      news.run();
    } catch (RuntimeException e) {
      failure = e;
      cancellation.cancel();
    }
  }

  /** The answer is there, whole or as far as it came. */
  void completed(ChatResponse response) {
    if (failure == null) {
      tell(() -> handler.onCompleteResponse(response));
    }
    if (failure != null) {
      failed(failure);
    }
  }

  /** There is no answer. */
  void failed(Throwable e) {
    if (cancelled) {
      return;
    }
    try {
      handler.onError(e);
    } catch (RuntimeException another) {
      another.addSuppressed(e);
      LOG.log(System.Logger.Level.WARNING, "onError of a handler failed", another);
    }
  }

  @Override
  public void cancel() {
    cancelled = true;
    cancellation.cancel();
  }

  @Override
  public boolean isCancelled() {
    return cancelled;
  }
}
