package dev.chaski.cli.terminal;

import dev.chaski.generate.Cancellation;
import org.jline.utils.Signals;

/** Ctrl-C while an answer is generated. */
public final class Interrupts {
  /** Exit status of a command that was interrupted: 128 + SIGINT, as shells have it. */
  public static final int EXIT_STATUS = 130;

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
