package dev.chaski.sample;

/**
 * A row of logits, or of the states that logits are made of, that cannot be used: no token can be
 * chosen from it. The sampler is unchanged and may be used on.
 */
public final class UnusableLogitsException extends ArithmeticException {

  private static final long serialVersionUID = 1L;

  /** What is wrong with the row. */
  public enum Reason {
    /** A logit is NaN: the computation that produced the row went wrong. */
    NOT_A_NUMBER,
    /** A logit that the model computed is infinite: the computation overflowed. */
    INFINITE,
    /** Every logit is -infinity, after constraint, bias and penalties. */
    NO_TOKEN_LEFT
  }

  private final Reason reason;

  /**
   * A row that is unusable for the reason given.
   *
   * @param message says what is wrong, where, and what to do
   */
  public UnusableLogitsException(Reason reason, String message) {
    super(message);
    this.reason = reason;
  }

  /**
   * The model computed a number that is none.
   *
   * @param value NaN or infinite
   * @param what it is, after "for": {@code the logit of token 7 of 2048}
   * @param place where such a value is first met, after "first in"
   */
  public static UnusableLogitsException notFinite(float value, String what, String place) {
    return new UnusableLogitsException(
        Float.isNaN(value) ? Reason.NOT_A_NUMBER : Reason.INFINITE,
        "the model computed %s for %s; NaN or infinity is first in %s; check the model file"
            .formatted(value, what, place));
  }

  static UnusableLogitsException notANumber(int token, int vocabSize) {
    return new UnusableLogitsException(
        Reason.NOT_A_NUMBER,
        "the logit of token %d (vocabulary %d) is NaN: the forward pass overflowed or the weights are damaged; check the model file"
            .formatted(token, vocabSize));
  }

  static UnusableLogitsException noTokenLeft(int vocabSize) {
    return new UnusableLogitsException(
        Reason.NO_TOKEN_LEFT,
        "no token can be chosen: all %d logits are -infinity; relax the constraint or the logit bias, or check the model's output"
            .formatted(vocabSize));
  }

  /** What is wrong with the row. */
  public Reason reason() {
    return reason;
  }
}
