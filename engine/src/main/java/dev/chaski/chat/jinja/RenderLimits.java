package dev.chaski.chat.jinja;

/**
 * What one rendering may use before it is stopped with a {@link TemplateLimitException}. Real
 * templates stay far below the {@linkplain #defaults() defaults}.
 *
 * @param maxSteps statements run, expressions evaluated, values visited
 * @param maxCharacters characters written or searched by string operations, all together; also
 *     bounds the memory that strings can take
 * @param maxOutputLength length of the rendered text in {@code char}s
 * @param maxRange numbers in one {@code range()}
 * @param maxDepth nesting of statements, expressions, macro calls and values
 */
public record RenderLimits(
    long maxSteps, long maxCharacters, int maxOutputLength, int maxRange, int maxDepth) {

  private static final RenderLimits DEFAULTS =
      new RenderLimits(2_000_000, 64_000_000, 16_000_000, 100_000, 400);

  /** Checks that every limit is positive. */
  public RenderLimits {
    if (Math.min(Math.min(maxSteps, maxCharacters), Math.min(maxOutputLength, maxRange)) < 1
        || maxDepth < 1) {
      throw new IllegalArgumentException(
          "limits must be positive: maxSteps %d, maxCharacters %d, maxOutputLength %d, maxRange %d, maxDepth %d"
              .formatted(maxSteps, maxCharacters, maxOutputLength, maxRange, maxDepth));
    }
  }

  /**
   * Room for conversations of millions of characters; a hostile template is stopped within a second
   * or so. {@code maxRange} is the sandbox's of Jinja2; {@code maxDepth} fits the default stack of
   * a thread several times over.
   */
  public static RenderLimits defaults() {
    return DEFAULTS;
  }

  /** These limits with another number of steps. */
  public RenderLimits withMaxSteps(long steps) {
    return new RenderLimits(steps, maxCharacters, maxOutputLength, maxRange, maxDepth);
  }

  /** These limits with another number of characters. */
  public RenderLimits withMaxCharacters(long characters) {
    return new RenderLimits(maxSteps, characters, maxOutputLength, maxRange, maxDepth);
  }

  /** These limits with another output length. */
  public RenderLimits withMaxOutputLength(int length) {
    return new RenderLimits(maxSteps, maxCharacters, length, maxRange, maxDepth);
  }

  /** These limits with another length of ranges. */
  public RenderLimits withMaxRange(int range) {
    return new RenderLimits(maxSteps, maxCharacters, maxOutputLength, range, maxDepth);
  }

  /** These limits with another depth. */
  public RenderLimits withMaxDepth(int depth) {
    return new RenderLimits(maxSteps, maxCharacters, maxOutputLength, maxRange, depth);
  }
}
