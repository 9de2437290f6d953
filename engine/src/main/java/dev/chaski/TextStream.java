package dev.chaski;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Spliterator;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** Text as a stream of its pieces, generated as they are taken. */
final class TextStream implements Spliterator<String>, Flow.Subscriber<String> {
  private final TextPublisher publisher;
  private final BlockingQueue<Signal> signals = new LinkedBlockingQueue<>();
  private final CountDownLatch generated = new CountDownLatch(1);
  private volatile Flow.Subscription subscription; // null before the first piece is wanted
  private boolean ended;

  /** What comes from the generating thread. */
  private sealed interface Signal {
    /** A piece of text. */
    record Piece(String text) implements Signal {}

    /** No more will come. */
    record End() implements Signal {}

    /** No more will come, because something failed. */
    record Failure(Throwable cause) implements Signal {}
  }

  private TextStream(TextPublisher.Source source) {
    this.publisher =
        new TextPublisher(listener -> {
          try {
            source.generate(listener);
          } finally {
            generated.countDown();
          }
        });
  }

  static Stream<String> of(TextPublisher.Source source) {
    TextStream stream = new TextStream(source);
    return StreamSupport.stream(stream, false).onClose(stream::close);
  }

  @Override
  public boolean tryAdvance(Consumer<? super String> action) {
    if (ended) {
      return false;
    }
    if (subscription == null) {
      publisher.subscribe(this);
    }
    subscription.request(1);
    switch (next()) {
      case Signal.Piece(String text) -> {
        action.accept(text);
        return true;
      }
      case Signal.End _ -> {
        ended = true;
        return false;
      }
      case Signal.Failure(Throwable cause) -> {
        ended = true;
        throw unchecked(cause);
      }
    }
  }

  private Signal next() {
    try {
      return signals.take();
    } catch (InterruptedException _) {
      ended = true;
      subscription.cancel();
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while waiting for the answer");
    }
  }

  private static RuntimeException unchecked(Throwable cause) {
    return switch (cause) {
      case RuntimeException e -> e;
      case Error e -> throw e;
      case IOException e -> new UncheckedIOException(e);
      default -> new IllegalStateException(cause);
    };
  }

  /** Stops the generation, and waits until it has. */
  private void close() {
    ended = true;
    if (subscription == null) {
      return;
    }
    subscription.cancel();
    try {
      generated.await();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void onSubscribe(Flow.Subscription newSubscription) {
    subscription = newSubscription;
  }

  @Override
  public void onNext(String piece) {
    signals.add(new Signal.Piece(piece));
  }

  @Override
  public void onError(Throwable cause) {
    signals.add(new Signal.Failure(cause));
  }

  @Override
  public void onComplete() {
    signals.add(new Signal.End());
  }

  @Override
  public Spliterator<String> trySplit() {
    return null; // pieces come one after the other
  }

  @Override
  public long estimateSize() {
    return Long.MAX_VALUE; // unknown
  }

  @Override
  public int characteristics() {
    return ORDERED | NONNULL;
  }
}
