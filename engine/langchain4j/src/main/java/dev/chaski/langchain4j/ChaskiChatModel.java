package dev.chaski.langchain4j;

import dev.chaski.Chaski;
import dev.chaski.ChatAnswer;
import dev.chaski.ChatListener;
import dev.chaski.generate.GenerationOptions;
import dev.langchain4j.model.ModelProvider;
import dev.langchain4j.model.chat.Capability;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import java.util.Set;

/**
 * Answers LangChain4j's requests with a model in this JVM: tools and tool choice, JSON and JSON
 * Schema (which answers are kept to, token by token). Temperature, top-p, top-k, penalties, stop
 * sequences and the number of tokens are taken from the request, or else from the options given
 * here; a model name is ignored, the model is the one that is open. Content other than text, and
 * schemas that go beyond what we can hold an answer to, are refused with an {@link
 * dev.langchain4j.exception.UnsupportedFeatureException}; a request that makes no sense or does not
 * fit the context with an {@link dev.langchain4j.exception.InvalidRequestException}.
 *
 * <p>Safe to share between threads. The last few conversations are kept: a turn that goes on with
 * one of them computes only what is new.
 */
public final class ChaskiChatModel implements ChatModel, AutoCloseable {
  private final SessionPool sessions;

  /**
   * A chat model that samples as the model's author does.
   *
   * @param chaski stays the caller's: close it after this
   */
  public ChaskiChatModel(Chaski chaski) {
    this(chaski, GenerationOptions.defaults().withSampling(chaski.defaultSampling()));
  }

  /**
   * A chat model.
   *
   * @param chaski stays the caller's: close it after this
   * @param generation how to generate where a request does not say
   */
  public ChaskiChatModel(Chaski chaski, GenerationOptions generation) {
    this.sessions = new SessionPool(chaski, generation);
  }

  @Override
  public ChatResponse doChat(ChatRequest request) {
    ChatAnswer answer = sessions.answer(Requests.of(request), ChatListener.NONE);
    return Responses.of(answer, sessions.modelName());
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
   * Frees the memory of conversations. Answers that are being given on other threads end with an
   * {@link IllegalStateException}; when this returns, none uses the model any more.
   */
  @Override
  public void close() {
    sessions.close();
  }
}
