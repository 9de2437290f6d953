package dev.chaski;

import dev.chaski.chat.ChatEncoder;
import dev.chaski.chat.ChatPrompt;
import dev.chaski.chat.ChatTemplate;
import dev.chaski.chat.Message;
import dev.chaski.generate.FinishReason;
import dev.chaski.generate.Generation;
import dev.chaski.generate.GenerationListener;
import dev.chaski.generate.GenerationOptions;
import dev.chaski.generate.Generator;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * One conversation. Each turn computes only what is new. For one thread at a time; cancel from
 * others through {@link dev.chaski.generate.Cancellation}.
 */
public final class ChatSession implements AutoCloseable {
  private final Generator generator;
  private final ChatEncoder encoder;
  private final List<Message> messages = new ArrayList<>();
  private final AtomicBoolean busy = new AtomicBoolean();
  private ChatOptions options;

  ChatSession(Generator generator, ChatEncoder encoder, ChatOptions options) {
    this.generator = generator;
    this.encoder = encoder;
    this.options = options;
    reset();
  }

  /** As {@link #send(String, GenerationListener)}, without hearing of it as it goes. */
  public Generation send(String text) {
    return send(text, GenerationListener.NONE);
  }

  /**
   * Says something and gets the answer; both become part of the conversation. If the answer is
   * cancelled or its generation fails, the conversation stays as it was.
   *
   * @throws IllegalArgumentException if the conversation no longer fits the context, or the chat
   *     template refuses it
   * @throws IllegalStateException if the session is answering already, or is closed
   */
  public Generation send(String text, GenerationListener listener) {
    begin();
    try {
      return answer(text, listener);
    } finally {
      busy.set(false);
    }
  }

  /** Two turns at once, or one from the listener of another, would mix up the conversation. */
  private void begin() {
    if (!busy.compareAndSet(false, true)) {
      throw new IllegalStateException(
          "the session is answering; it does one thing at a time, use one for each thread");
    }
  }

  private Generation answer(String text, GenerationListener listener) {
    List<Message> asked = new ArrayList<>(messages);
    asked.add(Message.user(text));
    int[] prompt = encoder.encode(new ChatPrompt(asked, options.tools(), true));
    Generation answer = generator.generate(prompt, options.generation(), listener);
    if (answer.finishReason() != FinishReason.CANCELLED) {
      messages.add(asked.getLast());
      messages.add(Message.assistant(answer.text()));
    }
    return answer;
  }

  /**
   * Starts again with another system message; empty for none.
   *
   * @throws IllegalStateException if the session is answering
   */
  public void system(String text) {
    restart(options.withSystem(text));
  }

  /**
   * Starts again.
   *
   * @throws IllegalStateException if the session is answering
   */
  public void reset() {
    restart(options);
  }

  private void restart(ChatOptions newOptions) {
    begin();
    try {
      options = newOptions;
      generator.reset();
      messages.clear();
      if (!options.system().isEmpty()) {
        messages.add(Message.system(options.system()));
      }
    } finally {
      busy.set(false);
    }
  }

  /** What was said so far, the system message first. */
  public List<Message> messages() {
    return List.copyOf(messages);
  }

  /** The options in force. */
  public ChatOptions options() {
    return options;
  }

  /** Generates the next answers in another way. A new system message needs {@link #system}. */
  public void generation(GenerationOptions generation) {
    options = options.withGeneration(generation);
  }

  /** How the conversation is written for the model. */
  public ChatTemplate template() {
    return encoder.template();
  }

  /** Positions of the context in use. */
  public int contextUsed() {
    return generator.contextUsed();
  }

  /** Positions of the context. */
  public int contextLength() {
    return generator.contextLength();
  }

  /**
   * Frees the memory.
   *
   * @throws IllegalStateException if the session is answering: cancel it first
   */
  @Override
  public void close() {
    generator.close();
  }
}
