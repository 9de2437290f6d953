package dev.chaski.langchain4j;

import static org.assertj.core.api.Assertions.assertThat;

import dev.chaski.Chaski;
import dev.chaski.generate.GenerationOptions;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.PartialResponse;
import dev.langchain4j.model.chat.response.PartialResponseContext;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.output.FinishReason;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Answers in pieces, and those that do not reach their end. */
@Timeout(120)
class ChaskiStreamingChatModelTest {
  /** Goes on until the context is full. */
  private static final GenerationOptions ENDLESS = Cria.GREEDY.withIgnoreStopTokens(true);

  private static Chaski chaski;

  @BeforeAll
  static void open() throws IOException {
    chaski = Cria.open();
  }

  @AfterAll
  static void close() {
    chaski.close();
  }

  /** Notes what it hears. */
  private static class Notes implements StreamingChatResponseHandler {
    final List<Object> heard = new CopyOnWriteArrayList<>();
    final CountDownLatch first = new CountDownLatch(1);
    final CompletableFuture<Object> end = new CompletableFuture<>();

    @Override
    public void onPartialResponse(PartialResponse piece, PartialResponseContext context) {
      heard.add(piece.text());
      first.countDown();
    }

    @Override
    public void onCompleteResponse(ChatResponse response) {
      heard.add(response);
      end.complete(response);
    }

    @Override
    public void onError(Throwable e) {
      heard.add(e);
      end.complete(e);
    }
  }

  @Test
  void piecesMakeTheAnswer() {
    Notes notes = new Notes();
    try (ChaskiStreamingChatModel model = new ChaskiStreamingChatModel(chaski, Cria.GREEDY)) {
      model.chat("What is the capital of France?", notes);
      ChatResponse response = (ChatResponse) notes.end.join();
      List<Object> pieces = notes.heard.subList(0, notes.heard.size() - 1);
      assertThat(pieces).hasSizeGreaterThan(3).allMatch(String.class::isInstance);
      assertThat(pieces.stream().map(String.class::cast).reduce("", String::concat))
          .isEqualTo("The capital of France is Paris.")
          .isEqualTo(response.aiMessage().text());
      assertThat(response.finishReason()).isEqualTo(FinishReason.STOP);
      try (ChaskiChatModel whole = new ChaskiChatModel(chaski, Cria.GREEDY)) {
        ChatResponse same = whole.chat(UserMessage.from("What is the capital of France?"));
        assertThat(response.aiMessage()).isEqualTo(same.aiMessage());
        assertThat(response.metadata()).isEqualTo(same.metadata());
      }
    }
  }

  @Test
  void nothingIsHeardAfterACancellation() throws InterruptedException {
    Notes notes =
        new Notes() {
          @Override
          public void onPartialResponse(PartialResponse piece, PartialResponseContext context) {
            super.onPartialResponse(piece, context);
            context.streamingHandle().cancel();
            assertThat(context.streamingHandle().isCancelled()).isTrue();
          }
        };
    Notes others = new Notes();
    try (ChaskiStreamingChatModel model = new ChaskiStreamingChatModel(chaski, ENDLESS)) {
      model.chat("Hello!", notes);
      notes.first.await();
    } // waits for the rest
    try (ChaskiStreamingChatModel model = new ChaskiStreamingChatModel(chaski, Cria.GREEDY)) {
      model.chat("Hello!", others);
      assertThat(others.end.join()).isInstanceOf(ChatResponse.class);
    }
    assertThat(notes.heard).hasSize(1).allMatch(String.class::isInstance);
  }

  @Test
  void aClosedModelLeavesNoAnswerBehind() throws InterruptedException {
    Notes notes = new Notes();
    ChaskiStreamingChatModel model = new ChaskiStreamingChatModel(chaski, ENDLESS);
    model.chat("Hello!", notes);
    notes.first.await();
    model.close();
    assertThat(notes.end.join())
        .asInstanceOf(InstanceOfAssertFactories.THROWABLE)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("closed while it answered");
  }

  @Test
  void aModelMayBeClosedByAHandler() {
    ChaskiStreamingChatModel model = new ChaskiStreamingChatModel(chaski, ENDLESS);
    Notes notes =
        new Notes() {
          @Override
          public void onPartialResponse(PartialResponse piece, PartialResponseContext context) {
            model.close();
          }
        };
    model.chat("Hello!", notes);
    assertThat(notes.end.join()).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void faultsOfAHandlerEndItsAnswer() {
    IllegalArgumentException fault = new IllegalArgumentException("I do not like it");
    Notes early =
        new Notes() {
          @Override
          public void onPartialResponse(PartialResponse piece, PartialResponseContext context) {
            throw fault;
          }
        };
    Notes late =
        new Notes() {
          @Override
          public void onCompleteResponse(ChatResponse response) {
            throw fault;
          }
        };
    try (ChaskiStreamingChatModel model = new ChaskiStreamingChatModel(chaski, Cria.GREEDY)) {
      model.chat("Hello!", early);
      assertThat(early.end.join()).isSameAs(fault);
      model.chat("Hello!", late);
      assertThat(late.end.join()).isSameAs(fault);
    }
    assertThat(early.heard).containsExactly(fault);
  }
}
