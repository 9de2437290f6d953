package dev.chaski;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import dev.chaski.chat.Message;
import dev.chaski.generate.GenerationOptions;
import dev.chaski.sample.SamplingOptions;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Flow;
import java.util.concurrent.Semaphore;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Answers as streams and publishers. */
@Timeout(60)
class StreamedAnswersTest {
  private static final GenerationOptions GREEDY =
      GenerationOptions.defaults().withSampling(SamplingOptions.greedy());
  private static final String FRANCE = "What is the capital of France?";
  private static final String PARIS = "The capital of France is Paris.";

  private static Chaski chaski;

  private ChatSession session;

  @BeforeAll
  static void open() throws IOException {
    chaski = Chaski.open(ProjectFiles.embeddedModel(), Options.defaults().withThreads(2));
  }

  @AfterAll
  static void shut() {
    chaski.close();
  }

  @BeforeEach
  void start() throws IOException {
    session = chaski.chat(ChatOptions.defaults().withGeneration(GREEDY));
  }

  @AfterEach
  void close() {
    session.close();
  }

  @Test
  void aStreamGivesThePiecesOfTheAnswer() {
    List<String> heard = new ArrayList<>();
    session.send(FRANCE, heard::add);
    session.reset();
    try (Stream<String> pieces = session.stream(FRANCE)) {
      assertThat(pieces).isEqualTo(heard);
    }
    assertThat(session.messages()).containsExactly(Message.user(FRANCE), Message.assistant(PARIS));
    try (Stream<String> pieces = session.stream("Hello!")) {
      assertThat(pieces.collect(Collectors.joining())).isNotEmpty();
    }
    assertThat(session.messages()).hasSize(4);
  }

  @Test
  void aStreamThatIsClosedEarlyLeavesTheConversation() {
    try (Stream<String> pieces = session.stream(FRANCE)) {
      assertThat(pieces.findFirst()).contains("The");
    }
    assertThat(session.messages()).isEmpty();
    assertThat(session.send(FRANCE).text()).isEqualTo(PARIS);
    try (Stream<String> never = session.stream(FRANCE)) {
      assertThat(never).isNotNull();
    }
    assertThat(session.messages()).as("nothing was taken, nothing was generated").hasSize(2);
  }

  @Test
  void aStreamFailsAsSendDoes() {
    String tooLong = "word ".repeat(1000);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> session.stream(tooLong).forEach(_ -> {}))
        .withMessageContaining("shorten it or use a larger context");
    assertThatIllegalStateException()
        .isThrownBy(() -> session.send(FRANCE, _ -> session.stream("Hello!").forEach(_ -> {})))
        .withMessageStartingWith("the session is answering");
    assertThat(session.messages()).isEmpty();
  }

  @Test
  void plainTextIsStreamedToo() throws IOException {
    GenerationOptions few = GREEDY.withMaxTokens(8);
    String text = chaski.complete("Once upon a time", few, _ -> {}).text();
    try (Stream<String> pieces = chaski.stream("Once upon a time", few)) {
      assertThat(pieces.collect(Collectors.joining())).isEqualTo(text);
    }
    Subscriber subscriber = new Subscriber(Long.MAX_VALUE);
    chaski.publish("Once upon a time", few).subscribe(subscriber);
    subscriber.awaitEnd();
    assertThat(String.join("", subscriber.pieces)).isEqualTo(text);
  }

  /** Records what it is told. */
  private static final class Subscriber implements Flow.Subscriber<String> {
    private final List<String> pieces = new ArrayList<>();
    private final Semaphore arrived = new Semaphore(0);
    private final CountDownLatch ended = new CountDownLatch(1);
    private final long first;
    private volatile Flow.Subscription subscription;
    private volatile Throwable failure;

    /** Asks for this many pieces at first; 0 for none. */
    Subscriber(long first) {
      this.first = first;
    }

    @Override
    public void onSubscribe(Flow.Subscription newSubscription) {
      subscription = newSubscription;
      if (first > 0) {
        subscription.request(first);
      }
    }

    @Override
    public void onNext(String piece) {
      pieces.add(piece);
      arrived.release();
    }

    @Override
    public void onError(Throwable e) {
      failure = e;
      ended.countDown();
    }

    @Override
    public void onComplete() {
      ended.countDown();
    }

    void awaitEnd() {
      try {
        ended.await();
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }
  }

  @Test
  void aPublisherSendsWhatIsRequested() {
    Subscriber subscriber = new Subscriber(2);
    session.publish(FRANCE).subscribe(subscriber);
    subscriber.arrived.acquireUninterruptibly(2);
    assertThat(subscriber.pieces).hasSize(2);
    assertThatIllegalStateException()
        .as("it waits, and so the session is busy")
        .isThrownBy(() -> session.send("Hello!"));
    subscriber.subscription.request(1);
    subscriber.arrived.acquireUninterruptibly();
    assertThat(subscriber.pieces).hasSize(3);
    subscriber.subscription.request(Long.MAX_VALUE - 1);
    subscriber.subscription.request(Long.MAX_VALUE);
    subscriber.awaitEnd();
    assertThat(subscriber.failure).isNull();
    assertThat(String.join("", subscriber.pieces)).isEqualTo(PARIS);
    assertThat(session.messages()).hasSize(2);
  }

  @Test
  void aPublisherHasOneSubscriber() {
    Flow.Publisher<String> publisher = session.publish(FRANCE);
    Subscriber first = new Subscriber(Long.MAX_VALUE);
    publisher.subscribe(first);
    Subscriber second = new Subscriber(Long.MAX_VALUE);
    publisher.subscribe(second);
    first.awaitEnd();
    second.awaitEnd();
    assertThat(String.join("", first.pieces)).isEqualTo(PARIS);
    assertThat(second.failure).hasMessageContaining("somebody has subscribed already");
    assertThatNullPointerException().isThrownBy(() -> session.publish(FRANCE).subscribe(null));
  }

  @Test
  void aWrongRequestIsAnError() {
    Subscriber subscriber = new Subscriber(1);
    session.publish(FRANCE).subscribe(subscriber);
    subscriber.arrived.acquireUninterruptibly();
    subscriber.subscription.request(0);
    subscriber.awaitEnd();
    assertThat(subscriber.failure)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("0 pieces were requested; ask for at least 1");
    assertThat(session.messages()).isEmpty();
  }

  @Test
  void failuresArriveAtTheSubscriber() {
    Subscriber subscriber = new Subscriber(1);
    session.publish("word ".repeat(1000)).subscribe(subscriber);
    subscriber.awaitEnd();
    assertThat(subscriber.failure)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("shorten it");
  }
}
