package dev.chaski.chat.jinja;

/** The template asked for more than it is given: it is endless, hostile or absurdly expensive. */
public final class TemplateLimitException extends JinjaException {
  /** What there was too much of. */
  public enum Limit {
    /** {@link RenderLimits#maxSteps()}. */
    STEPS("steps"),
    /** {@link RenderLimits#maxCharacters()}. */
    CHARACTERS("characters of string work"),
    /** {@link RenderLimits#maxOutputLength()}. */
    OUTPUT("characters of output"),
    /** {@link RenderLimits#maxRange()}. */
    RANGE("numbers in a range"),
    /** {@link RenderLimits#maxDepth()}, or {@link JinjaTemplate#MAX_NESTING} when parsing. */
    DEPTH("levels of nesting"),
    /** Fixed: integers beyond any use. */
    INTEGER("bits in an integer"),
    /** {@link JinjaTemplate#MAX_SOURCE_LENGTH}. */
    SOURCE("characters of source");

    private final String what;

    Limit(String what) {
      this.what = what;
    }
  }

  private static final long serialVersionUID = 1L;

  private final Limit limit;
  private final long maximum;

  TemplateLimitException(Limit limit, long maximum) {
    super(
        "template stopped: it needs more than the "
            + maximum
            + " "
            + limit.what
            + " it may use; use another chat template, or raise the limit if it is to be trusted");
    this.limit = limit;
    this.maximum = maximum;
  }

  /** What there was too much of. */
  public Limit limit() {
    return limit;
  }

  /** How much was allowed. */
  public long maximum() {
    return maximum;
  }
}
