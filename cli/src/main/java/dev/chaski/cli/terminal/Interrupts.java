package dev.chaski.cli.terminal;

import dev.chaski.generate.Cancellation;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jline.utils.Signals;

/** Ctrl-C while an answer is generated or a file is written. */
public final class Interrupts {
  /** Exit status of a command that was interrupted: 128 + SIGINT, as shells have it. */
  public static final int EXIT_STATUS = 130;

  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private Interrupts() {}

  /**
   * Until the result is closed, the first Ctrl-C cancels the generation and the second ends the
   * process.
   */
  public static Guard cancelling(Cancellation cancellation) {
    Object previous = Signals.register("INT", () -> interrupt(cancellation, () -> {}));
    return () -> {
      if (previous != null) {
        Signals.unregister("INT", previous);
      }
    };
  }

  /**
   * Until the result is closed, Ctrl-C and whatever else ends the process cancel the work, and the
   * process waits for it to clean up: until the result is closed, or for a while.
   */
  public static Guard cancellingBeforeExit(Cancellation cancellation) {
    CountDownLatch closed = new CountDownLatch(1);
    Thread hook =
        new Thread(() -> {
          cancellation.cancel();
          await(closed);
        });
    Runtime.getRuntime().addShutdownHook(hook);
    Object previous = Signals.register("INT", cancellation::cancel);
    return () -> {
      if (previous != null) {
        Signals.unregister("INT", previous);
      }
      closed.countDown();
      try {
        Runtime.getRuntime().removeShutdownHook(hook);
      } catch (IllegalStateException _) {
        // The process is ending, and the hook runs.
      }
    };
  }

  private static void await(CountDownLatch latch) {
    try {
      if (!latch.await(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
        return; // better an unfinished file than a process that does not end
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * What Ctrl-C does to a running generation.
   *
   * @param beforeLeaving puts the terminal in order before the process ends
   */
  public static void interrupt(Cancellation cancellation, Runnable beforeLeaving) {
    if (cancellation.isCancelled()) {
      beforeLeaving.run();
      Runtime.getRuntime().halt(EXIT_STATUS);
    }
    cancellation.cancel();
  }

  /** Something that ends without failing. */
  public interface Guard extends AutoCloseable {
    @Override
    void close();
  }
}
