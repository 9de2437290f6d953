package dev.chaski.langchain4j;

import dev.chaski.Chaski;
import dev.chaski.ChatAnswer;
import dev.chaski.generate.GenerationOptions;
import dev.langchain4j.model.ModelProvider;
import dev.langchain4j.model.chat.Capability;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import java.util.Set;

/**
 * As {@link ChaskiChatModel}, and tells of each answer as it comes, on a thread of the answer's
 * own. An answer can be cancelled through the handle that comes with its pieces; nothing more is
 * heard of it then. An exception of a handler ends its answer and is given to its {@code onError}.
 */
public final class ChaskiStreamingChatModel implements StreamingChatModel, AutoCloseable {
  private final SessionPool sessions;

  /**
   * A chat model that samples as the model's author does.
   *
   * @param chaski stays the caller's: close it after this
   */
  public ChaskiStreamingChatModel(Chaski chaski) {
    this(chaski, GenerationOptions.defaults().withSampling(chaski.defaultSampling()));
  }

  /**
   * A chat model.
   *
   * @param chaski stays the caller's: close it after this
   * @param generation how to generate where a request does not say
   */
  public ChaskiStreamingChatModel(Chaski chaski, GenerationOptions generation) {
    this.sessions = new SessionPool(chaski, generation);
  }

  @Override
  public void doChat(ChatRequest request, StreamingChatResponseHandler handler) {
    Requests asked = Requests.of(request);
    StreamedAnswer streamed = new StreamedAnswer(handler, asked.cancellation());
    Thread.ofPlatform().daemon().name("chaski-langchain4j").start(() -> answer(asked, streamed));
  }

  private void answer(Requests asked, StreamedAnswer streamed) {
    ChatAnswer answer;
    try {
      answer = sessions.answer(asked, streamed);
    } catch (Throwable e) { // there is nobody else on this thread who could say so
      streamed.failed(e);
      return;
    }
    streamed.completed(Responses.of(answer, sessions.modelName()));
  }

  @Override
  public Set<Capability> supportedCapabilities() {
    return Set.of(Capability.RESPONSE_FORMAT_JSON_SCHEMA);
  }

  @Override
  public ModelProvider provider() {
    return ModelProvider.OTHER;
  }

  /**
   * Frees the memory of conversations. Answers that are being given end with an {@link
   * IllegalStateException}; when this returns, none uses the model any more.
   */
  @Override
  public void close() {
    sessions.close();
  }
}
