package dev.chaski.chat.jinja;

import dev.chaski.chat.jinja.TemplateLimitException.Limit;
import java.time.Clock;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A chat template, parsed and ready to be rendered any number of times, by any thread.
 *
 * <p>The context holds what the template may see: {@link String}, {@link TemplateText}, {@link
 * Boolean}, {@link Integer}, {@link Long}, {@link java.math.BigInteger}, {@link Double}, {@link
 * List}, {@link Map} and null, nested as they like. A variable that must be undefined is left out;
 * null is Python's {@code None}.
 */
public final class JinjaTemplate {
  /** Characters a template may have. The longest in use have 50,000. */
  public static final int MAX_SOURCE_LENGTH = 1 << 20;

  /** How deep expressions and blocks may nest in a template's source, all together. */
  public static final int MAX_NESTING = 150;

  private final List<Statement> statements;

  private JinjaTemplate(List<Statement> statements) {
    this.statements = statements;
  }

  /**
   * Parses a template.
   *
   * @throws TemplateSyntaxException if it is not a template, or uses what we do not have
   * @throws TemplateLimitException if it is longer than {@link #MAX_SOURCE_LENGTH} or nested deeper
   *     than {@link #MAX_NESTING}
   */
  public static JinjaTemplate parse(String source) {
    if (source.length() > MAX_SOURCE_LENGTH) {
      throw new TemplateLimitException(Limit.SOURCE, MAX_SOURCE_LENGTH);
    }
    return new JinjaTemplate(Parser.parse(new Source(source)));
  }

  /** Renders with {@link RenderLimits#defaults()} and the system's clock. */
  public String render(Map<String, ?> context) {
    return render(context, RenderLimits.defaults(), Clock.system(ZoneId.systemDefault()));
  }

  /**
   * Renders to text.
   *
   * @param clock what {@code strftime_now} reads, in the clock's time zone
   * @throws TemplateException if the template refuses the context or fails
   * @throws TemplateLimitException if it needs more than {@code limits}
   * @throws IllegalArgumentException if a value of the context is of a type that templates do not
   *     know
   */
  public String render(Map<String, ?> context, RenderLimits limits, Clock clock) {
    return renderText(context, limits, clock).text();
  }

  /**
   * As {@link #render(Map, RenderLimits, Clock)}, in pieces by origin: the texts put together are
   * the rendering, and neighbours differ in origin.
   */
  public List<Piece> renderPieces(Map<String, ?> context, RenderLimits limits, Clock clock) {
    Str rendered = renderText(context, limits, clock);
    List<Piece> pieces = new ArrayList<>();
    for (int begin = 0; begin < rendered.text().length(); ) {
      int end = rendered.runEnd(begin);
      pieces.add(new Piece(rendered.text().substring(begin, end), rendered.isFromTemplate(begin)));
      begin = end;
    }
    return pieces;
  }

  private Str renderText(Map<String, ?> context, RenderLimits limits, Clock clock) {
    Budget budget = new Budget(limits);
    Scope functions = new Scope(Globals.functions(clock));
    Scope given = new Scope(functions);
    new ContextValues(budget).convert(context).forEach(given::set);
    StrBuilder out = new StrBuilder(budget, limits.maxOutputLength());
    new Interpreter(new Evaluator(budget)).render(statements, new Scope(given), out);
    return out.toStr();
  }
}
