package dev.chaski;

import dev.chaski.chat.ChatEncoder;
import dev.chaski.chat.ChatPrompt;
import dev.chaski.chat.ChatTemplate;
import dev.chaski.chat.Message;
import dev.chaski.chat.tool.Tool;
import dev.chaski.chat.tool.ToolCall;
import dev.chaski.chat.tool.ToolChoice;
import dev.chaski.chat.tool.ToolResult;
import dev.chaski.chat.tool.ToolRunner;
import dev.chaski.generate.FinishReason;
import dev.chaski.generate.Generation;
import dev.chaski.generate.GenerationOptions;
import dev.chaski.generate.Generator;
import dev.chaski.generate.ResponseFormat;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * One conversation. Each turn computes only what is new. For one thread at a time; cancel from
 * others through {@link dev.chaski.generate.Cancellation}.
 */
public final class ChatSession implements AutoCloseable {
  /** How often in a row a model may call tools before it must answer. */
  public static final int MAX_ROUNDS = 10;

  private final Generator generator;
  private final ChatEncoder encoder;
  private final SessionFile file;
  private final List<Message> messages = new ArrayList<>();
  private final AtomicBoolean busy = new AtomicBoolean();
  private ChatOptions options;
  private FormatKey formatKey; // of what follows
  private ResponseFormat format;
  private int toolCalls; // so far, for their ids
  private Optional<Undecided> undecided = Optional.empty();

  /** A question whose answer is to be chosen. */
  private record Undecided(List<Message> asked, List<ChatAnswer> answers) {}

  ChatSession(Generator generator, ChatEncoder encoder, SessionFile file, ChatOptions options) {
    this.generator = generator;
    this.encoder = encoder;
    this.file = file;
    this.options = options;
    reset();
  }

  /** As {@link #send(String, ChatListener)}, without hearing of it as it goes. */
  public ChatAnswer send(String text) {
    return send(text, ChatListener.NONE);
  }

  /**
   * Says something and gets the answer; both become part of the conversation. If the answer is
   * cancelled or its generation fails, the conversation stays as it was.
   *
   * @throws IllegalArgumentException if the conversation no longer fits the context, or the chat
   *     template refuses it
   * @throws IllegalStateException if the session is answering already, or is closed
   */
  public ChatAnswer send(String text, ChatListener listener) {
    return exchange(List.of(Message.user(text)), listener);
  }

  /**
   * As {@link #send(String, ChatListener)}, and runs what the model wants to have called, until it
   * answers without a call or has called {@value #MAX_ROUNDS} times in a row. If {@code tools} ends
   * a turn with an exception, the calls stay in the conversation, unanswered.
   *
   * @return the last answer; with calls that were not run if it gave up, or was cut off
   */
  public ChatAnswer send(String text, ToolRunner tools, ChatListener listener) {
    ChatAnswer answer = send(text, listener);
    for (int round = 0; round < MAX_ROUNDS && isWaiting(answer); round++) {
      List<ToolResult> results = new ArrayList<>();
      for (ToolCall call : answer.toolCalls()) {
        results.add(new ToolResult(call, tools.run(call)));
      }
      answer = sendResults(results, listener);
    }
    return answer;
  }

  private static boolean isWaiting(ChatAnswer answer) {
    return !answer.toolCalls().isEmpty() && answer.finishReason() != FinishReason.CANCELLED;
  }

  /**
   * As {@link #send(String, ChatListener)}, with the answer as a stream of its pieces, generated as
   * they are taken, on a thread of its own. The answer is part of the conversation when the stream
   * has ended. Use it in a try-with-resources block: closed before the end, it stops the
   * generation, and the conversation stays as it was. Tool calls are no text; they are in the last
   * message.
   *
   * @return nothing happens before its first piece is taken; what {@code send} would throw, it
   *     throws then
   */
  public Stream<String> stream(String text) {
    return TextStream.of(listener -> send(text, listener));
  }

  /**
   * As {@link #stream}, for those who want to be called: subscribing (once) starts the generation,
   * pieces come as fast as they are requested, on a thread of the answer's own. A cancelled
   * subscription ends the generation before its next token; until then the session is answering.
   */
  public Flow.Publisher<String> publish(String text) {
    return new TextPublisher(listener -> send(text, listener));
  }

  /**
   * Gives the model the results of what it wanted to have called, and gets the next answer; as
   * {@link #send(String, ChatListener)} otherwise.
   *
   * @param results at least one, best in the order of the calls
   */
  public ChatAnswer sendResults(List<ToolResult> results, ChatListener listener) {
    if (results.isEmpty()) {
      throw new IllegalArgumentException("there are no results; send at least one");
    }
    return exchange(
        results.stream().map(result -> Message.tool(result.call(), result.content())).toList(),
        listener);
  }

  /**
   * Answers a conversation that is kept somewhere else; it takes the place of this session's. What
   * it begins with need not be computed again if this session's begins so, too. As {@link
   * #send(String, ChatListener)} otherwise.
   *
   * @param conversation what was said so far, with the system message if there is to be one; the
   *     last message is what to answer
   */
  public ChatAnswer answer(List<Message> conversation, ChatListener listener) {
    if (conversation.isEmpty()) {
      throw new IllegalArgumentException("the conversation is empty; give at least one message");
    }
    begin();
    try {
      toolCalls = conversation.stream().mapToInt(message -> message.toolCalls().size()).sum();
      return respond(conversation, listener);
    } finally {
      busy.set(false);
    }
  }

  /**
   * As {@link #send(String, ChatListener)}, and gets several answers, of which none becomes part of
   * the conversation before it is {@linkplain #choose chosen}. They are generated together, see
   * {@link Generator#generateSeveral}: answer {@code i} is the one that {@code send} would get with
   * {@code seed + i}.
   *
   * @param count answers, at least 1
   * @param listeners who hears of each, counted from 0; all of them hear of the prompt
   */
  public List<ChatAnswer> answers(
      String text, int count, IntFunction<? extends ChatListener> listeners) {
    begin();
    try {
      List<Message> asked = new ArrayList<>(messages);
      asked.add(Message.user(text));
      FittedPrompt fitted = FittedPrompt.of(asked, options, encoder, generator.contextLength());
      List<AnswerCollector> collectors = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        ChatListener listener = listeners.apply(i);
        tellForgotten(fitted, listener);
        collectors.add(newCollector(listener));
      }
      List<Generation> generations =
          generator.generateSeveral(
              fitted.tokens(), fitted.sharedLength(), count, generationOptions(), collectors::get);
      List<ChatAnswer> answers = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        answers.add(collectors.get(i).finish(generations.get(i)));
      }
      undecided = Optional.of(new Undecided(fitted.messages(), answers));
      return List.copyOf(answers);
    } finally {
      busy.set(false);
    }
  }

  /**
   * Goes on with one of the {@link #answers} that were given last.
   *
   * @throws IllegalArgumentException if it is none of them, or the conversation has gone on since
   * @throws IllegalStateException if the session is answering
   */
  public void choose(ChatAnswer answer) {
    begin();
    try {
      Undecided question =
          undecided
              .filter(it -> it.answers().contains(answer))
              .orElseThrow(() ->
                  new IllegalArgumentException(
                      "this is none of the answers that were given last; choose before the"
                          + " conversation goes on"));
      add(question.asked(), answer);
    } finally {
      busy.set(false);
    }
  }

  private ChatAnswer exchange(List<Message> said, ChatListener listener) {
    begin();
    try {
      List<Message> asked = new ArrayList<>(messages);
      asked.addAll(said);
      return respond(asked, listener);
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

  private ChatAnswer respond(List<Message> asked, ChatListener listener) {
    FittedPrompt fitted = FittedPrompt.of(asked, options, encoder, generator.contextLength());
    tellForgotten(fitted, listener);
    AnswerCollector collector = newCollector(listener);
    ChatAnswer answer =
        collector.finish(
            generator.generate(
                fitted.tokens(), fitted.sharedLength(), generationOptions(), collector));
    if (answer.finishReason() != FinishReason.CANCELLED) {
      add(fitted.messages(), answer);
    }
    return answer;
  }

  private void tellForgotten(FittedPrompt fitted, ChatListener listener) {
    boolean fits = fitted.tokens().length < generator.contextLength(); // else it is refused later
    if (fits && !fitted.forgotten().isEmpty()) {
      listener.onForgotten(fitted.forgotten());
    }
  }

  private AnswerCollector newCollector(ChatListener listener) {
    if (!options.expectsToolCalls()) {
      return AnswerCollector.ofText(listener);
    }
    Set<String> names = options.tools().stream().map(Tool::name).collect(Collectors.toSet());
    return AnswerCollector.ofCalls(listener, names, toolCalls);
  }

  private void add(List<Message> asked, ChatAnswer answer) {
    messages.clear();
    messages.addAll(asked);
    messages.add(Message.assistant(answer.text(), answer.toolCalls()));
    toolCalls += answer.toolCalls().size();
    undecided = Optional.empty();
  }

  private GenerationOptions generationOptions() {
    return options.generation().withResponseFormat(responseFormat());
  }

  /** Made once for answers of one kind, so that what is found out about it is kept. */
  private ResponseFormat responseFormat() {
    ResponseFormat wanted = options.generation().responseFormat();
    FormatKey key = new FormatKey(options.toolChoice(), wanted);
    if (!key.equals(formatKey)) {
      format =
          CallFormat.of(
              options.tools(),
              options.toolChoice(),
              wanted,
              () -> encoder.template().callKeys(options.template()));
      formatKey = key;
    }
    return format;
  }

  /** What the format of an answer depends on; the tools of a session do not change. */
  private record FormatKey(ToolChoice choice, ResponseFormat wanted) {}

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
      undecided = Optional.empty();
      toolCalls = 0;
      if (!options.system().isEmpty()) {
        messages.add(Message.system(options.system()));
      }
    } finally {
      busy.set(false);
    }
  }

  /**
   * Writes the conversation to a file, from which {@link #load} takes it up again: the messages,
   * the model's fingerprint and a checksum. The file appears at once, complete; one that was there
   * before is replaced.
   *
   * @throws IOException if it cannot be written
   * @throws IllegalStateException if the session is answering
   */
  public void save(Path path) throws IOException {
    begin();
    try {
      file.write(path, new SavedConversation(options.system(), messages, toolCalls));
    } finally {
      busy.set(false);
    }
  }

  /**
   * Goes on with a saved conversation in place of this one. Its system message comes with it;
   * tools, sampling and the rest stay as they are here. The next answer computes it anew.
   *
   * @throws SessionFileException if the file is no saved conversation, is damaged, or is one with
   *     another model; this conversation stays then
   * @throws IOException if it cannot be read
   * @throws IllegalStateException if the session is answering
   */
  public void load(Path path) throws IOException {
    begin();
    try {
      SavedConversation saved = file.read(path);
      options = options.withSystem(saved.system());
      messages.clear();
      messages.addAll(saved.messages());
      undecided = Optional.empty();
      toolCalls = saved.toolCalls();
    } finally {
      busy.set(false);
    }
  }

  /**
   * Tokens of the conversation if this were said next, with the opening of the answer: what it
   * would take of the context.
   *
   * @throws IllegalStateException if the session is answering
   */
  public int countTokens(String text) {
    begin();
    try {
      List<Message> asked = new ArrayList<>(messages);
      asked.add(Message.user(text));
      return encoder.encode(new ChatPrompt(asked, options.shownTools(), true)).length;
    } finally {
      busy.set(false);
    }
  }

  /** What was said so far and not forgotten, the system message first. */
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

  /** Whether the next answers may, must or must not call a tool. */
  public void toolChoice(ToolChoice choice) {
    options = options.withToolChoice(choice);
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
