package dev.chaski.grammar;

/** A grammar or JSON Schema that cannot be used; the message says where and why. */
public final class GrammarException extends IllegalArgumentException {
  private static final long serialVersionUID = 1;

  /** A fault described in full. */
  public GrammarException(String message) {
    super(message);
  }

  /** A fault with what led to it. */
  public GrammarException(String message, Throwable cause) {
    super(message, cause);
  }
}
