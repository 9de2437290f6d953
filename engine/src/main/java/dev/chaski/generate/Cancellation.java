package dev.chaski.generate;

/** Ends a generation from another thread: it stops before the next token or prompt chunk. */
public final class Cancellation {
  private volatile boolean cancelled;

  /** Not cancelled yet. */
  public Cancellation() {}

  /** Asks the generation to end with {@link FinishReason#CANCELLED}. It cannot be taken back. */
  public void cancel() {
    cancelled = true;
  }

  /** Whether {@link #cancel} was called. */
  public boolean isCancelled() {
    return cancelled;
  }
}
