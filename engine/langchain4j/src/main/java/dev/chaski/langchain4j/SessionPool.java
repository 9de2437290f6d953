package dev.chaski.langchain4j;

import dev.chaski.Chaski;
import dev.chaski.ChatAnswer;
import dev.chaski.ChatListener;
import dev.chaski.ChatOptions;
import dev.chaski.ChatSession;
import dev.chaski.chat.Message;
import dev.chaski.chat.Role;
import dev.chaski.chat.tool.Tool;
import dev.chaski.format.UnsupportedModelException;
import dev.chaski.generate.Cancellation;
import dev.chaski.generate.FinishReason;
import dev.chaski.generate.GenerationOptions;
import dev.chaski.grammar.GrammarException;
import dev.chaski.load.ModelInfo;
import dev.langchain4j.exception.InvalidRequestException;
import dev.langchain4j.exception.UnsupportedFeatureException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * Sessions for requests that each bring the whole conversation: the one that has computed most of
 * it answers. Safe to share between threads.
 */
final class SessionPool implements AutoCloseable {
  /** Conversations that are kept for their next turn. */
  static final int MAX_IDLE = 4;

  private final Chaski chaski;
  private final GenerationOptions defaults;
  private final Deque<ChatSession> idle = new ArrayDeque<>(); // used last first
  private final List<Turn> turns = new ArrayList<>(); // that are being answered
  private boolean closed;

  SessionPool(Chaski chaski, GenerationOptions defaults) {
    this.chaski = chaski;
    this.defaults = defaults;
  }

  /** One answer in the making. */
  private record Turn(Thread thread, Cancellation cancellation) {}

  /** The name of the model, or of its file. */
  String modelName() {
    ModelInfo info = chaski.loaded().info();
    return info.name().orElseGet(() -> info.files().getFirst().getFileName().toString());
  }

  /**
   * Answers.
   *
   * @throws InvalidRequestException if the request makes no sense, or does not fit the context
   * @throws UnsupportedFeatureException if it asks for what we do not have
   * @throws IllegalStateException if the pool is closed, also if it is while this answers
   */
  ChatAnswer answer(Requests request, ChatListener listener) {
    Turn turn = new Turn(Thread.currentThread(), request.cancellation());
    begin(turn);
    try {
      ChatAnswer answer = answerWithSession(request, listener);
      if (answer.finishReason() == FinishReason.CANCELLED && isClosed()) {
        throw new IllegalStateException("the chat model was closed while it answered");
      }
      return answer;
    } catch (GrammarException | UnsupportedModelException e) {
      UnsupportedFeatureException unsupported = new UnsupportedFeatureException(e.getMessage());
      unsupported.initCause(e);
      throw unsupported;
    } catch (IllegalArgumentException e) {
      throw new InvalidRequestException(e.getMessage(), e);
    } finally {
      end(turn);
    }
  }

  private ChatAnswer answerWithSession(Requests request, ChatListener listener)
      throws UnsupportedModelException {
    GenerationOptions generation = request.generation(defaults);
    ChatSession session = take(request);
    try {
      session.generation(generation);
      session.toolChoice(request.toolChoice());
      return session.answer(request.messages(), listener);
    } finally {
      giveBack(session);
    }
  }

  private synchronized void begin(Turn turn) {
    if (closed) {
      throw new IllegalStateException("the chat model is closed; make a new one");
    }
    turns.add(turn);
  }

  private synchronized void end(Turn turn) {
    turns.remove(turn);
    notifyAll();
  }

  private synchronized boolean isClosed() {
    return closed;
  }

  private ChatSession take(Requests request) throws UnsupportedModelException {
    synchronized (this) {
      ChatSession best = null;
      int most = idle.size() < MAX_IDLE ? 1 : 0; // less is no reason to forget a conversation
      for (ChatSession session : idle) {
        int common = common(session, request);
        if (common >= most) { // of equal ones that which was used least recently
          best = session;
          most = common;
        }
      }
      if (best != null) {
        idle.remove(best);
        return best;
      }
    }
    return chaski.chat(ChatOptions.defaults().withTools(request.tools()));
  }

  /**
   * Messages that a session has computed already, but for the system message, which sessions share
   * anyway; -1 if it has other tools.
   */
  private static int common(ChatSession session, Requests request) {
    List<Tool> tools = session.options().tools();
    if (!tools.equals(request.tools())) {
      return -1;
    }
    List<Message> known = session.messages();
    int limit = Math.min(known.size(), request.messages().size());
    int common = 0;
    int system = 0;
    while (common < limit && known.get(common).equals(request.messages().get(common))) {
      system += known.get(common).role() == Role.SYSTEM ? 1 : 0;
      common++;
    }
    return common - system;
  }

  private void giveBack(ChatSession session) {
    ChatSession surplus = session;
    synchronized (this) {
      if (!closed) {
        idle.addFirst(session);
        surplus = idle.size() > MAX_IDLE ? idle.removeLast() : null;
      }
    }
    if (surplus != null) {
      surplus.close();
    }
  }

  /**
   * Ends the answers that are being given, waits until they have, but for one that calls this, and
   * closes the sessions.
   */
  @Override
  public synchronized void close() {
    closed = true;
    turns.forEach(turn -> turn.cancellation().cancel());
    boolean interrupted = false;
    while (turns.stream().anyMatch(turn -> !turn.thread().equals(Thread.currentThread()))) {
      try {
        wait();
      } catch (InterruptedException _) {
        interrupted = true; // the model must not be closed under them
      }
    }
    idle.forEach(ChatSession::close);
    idle.clear();
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
