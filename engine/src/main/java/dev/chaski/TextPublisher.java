package dev.chaski;

import java.io.IOException;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Text that is generated when somebody subscribes, on a thread of its own; for one subscriber. It
 * is generated as fast as the subscriber asks for pieces, at most one piece ahead.
 */
final class TextPublisher implements Flow.Publisher<String> {
  private final Source source;
  private final AtomicBoolean taken = new AtomicBoolean();

  /** Generates the text, and tells of it. */
  interface Source {
    void generate(ChatListener listener) throws IOException;
  }

  TextPublisher(Source source) {
    this.source = source;
  }

  @Override
  public void subscribe(Flow.Subscriber<? super String> subscriber) {
    Running running = new Running(source, subscriber);
    subscriber.onSubscribe(running);
    if (taken.compareAndSet(false, true)) {
      Thread.ofPlatform().daemon().name("chaski-answer").start(running);
    } else {
      subscriber.onError(
          new IllegalStateException(
              "somebody has subscribed already; ask again for another answer"));
    }
  }

  /** Ends a generation that nobody wants any more. */
  private static final class Unwanted extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Unwanted() {
      super("cancelled", null, false, false);
    }
  }

  /** One generation and its subscription. All signals come from its thread, one after another. */
  private static final class Running implements Flow.Subscription, ChatListener, Runnable {
    private final Source source;
    private final Flow.Subscriber<? super String> subscriber;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private long demand;
    private long refused = 1; // the first request that was not positive
    private boolean cancelled;

    Running(Source source, Flow.Subscriber<? super String> subscriber) {
      this.source = source;
      this.subscriber = subscriber;
    }

    @Override
    public void request(long n) {
      lock.lock();
      try {
        if (n > 0) {
          demand = demand + n < 0 ? Long.MAX_VALUE : demand + n;
        } else if (refused > 0) {
          refused = n;
        }
        changed.signal();
      } finally {
        lock.unlock();
      }
    }

    @Override
    public void cancel() {
      lock.lock();
      try {
        cancelled = true;
        changed.signal();
      } finally {
        lock.unlock();
      }
    }

    private boolean isCancelled() {
      lock.lock();
      try {
        return cancelled;
      } finally {
        lock.unlock();
      }
    }

    @Override
    public void run() {
      try {
        source.generate(this);
      } catch (Unwanted _) {
        return;
      } catch (Throwable e) {
        if (!isCancelled()) {
          subscriber.onError(e);
        }
        return;
      }
      if (!isCancelled()) {
        subscriber.onComplete();
      }
    }

    @Override
    public void onText(String piece) {
      awaitDemand();
      subscriber.onNext(piece);
    }

    @Override
    public void onPrefill(int done, int total) {
      if (isCancelled()) {
        throw new Unwanted();
      }
    }

    private void awaitDemand() {
      lock.lock();
      try {
        while (demand == 0 && refused > 0 && !cancelled) {
          changed.await();
        }
        if (cancelled) {
          throw new Unwanted();
        }
        if (refused <= 0) {
          throw new IllegalArgumentException(
              refused + " pieces were requested; ask for at least 1");
        }
        demand -= demand == Long.MAX_VALUE ? 0 : 1; // without end
      } catch (InterruptedException _) {
        throw new Unwanted();
      } finally {
        lock.unlock();
      }
    }
  }
}
