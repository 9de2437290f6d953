package dev.chaski.cli.markdown;

import dev.chaski.cli.terminal.AnswerText;
import dev.chaski.cli.terminal.Visible;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.IntSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Prints an answer as it comes, in whatever pieces: headings, emphasis and code stand out, list
 * marks become bullets, and lines are folded between words. All else, tables and links say, is
 * printed as it was written. What a mark means is often clear only later; until then the text
 * behind it is held back, so that nothing has to be printed twice. Code is not changed, but for
 * characters that would steer the terminal: they are spelled out everywhere.
 *
 * <p>Not thread-safe.
 */
public final class MarkdownPrinter implements AnswerText {
  private static final int TAB = 4;
  private static final Pattern HEADING = Pattern.compile("#{1,6} ");
  private static final Pattern BULLET = Pattern.compile("[-*+] ");
  private static final Pattern NUMBER = Pattern.compile("\\d{1,9}[.)] ");
  private static final Pattern QUOTE = Pattern.compile("> ");
  private static final Pattern FENCE = Pattern.compile("(`{3,}|~{3,})[^`]*");

  /** What may still become one of the above. */
  private static final Pattern UNCLEAR =
      Pattern.compile("#{1,6}|[-*+>]|\\d{1,9}[.)]?|`{1,2}|~{1,2}|(`{3,}|~{3,})[^`]{0,100}");

  private final Consumer<String> out;
  private final FoldedText text;
  private final StringBuilder head = new StringBuilder(); // of a line, while unclear what it is
  private Line line = new Start();
  private String fence = ""; // that opened the code we are in; empty outside
  private char high; // half a character
  private boolean open; // the answer's own line

  /**
   * A printer of one answer.
   *
   * @param out gets text for the terminal
   * @param columns width of the terminal, asked again and again, as it may change; 0 for lines that
   *     are not folded
   */
  public MarkdownPrinter(Consumer<String> out, IntSupplier columns) {
    this.out = out;
    this.text = new FoldedText(columns);
  }

  /** What the line is that we are in. */
  private sealed interface Line {}

  /** Not known yet. */
  private record Start() implements Line {}

  /** Prose, with its emphasis. */
  private record Prose(InlineMarkdown inline) implements Line {}

  /** Code, or a table. */
  private record Verbatim(Set<Mark> marks) implements Line {}

  @Override
  public void accept(String piece) {
    open = piece.isEmpty() ? open : !piece.endsWith("\n");
    String visible = Visible.lines(piece);
    for (int i = 0; i < visible.length(); i++) {
      char c = visible.charAt(i);
      if (Character.isHighSurrogate(c)) {
        high = c;
      } else if (Character.isLowSurrogate(c) && high != 0) {
        add(Character.toCodePoint(high, c));
        high = 0;
      } else {
        add(c);
      }
    }
    print();
  }

  @Override
  public void finish() {
    endLine();
    text.flush();
    if (open) {
      text.newLine();
    }
    open = false;
    line = new Start();
    fence = "";
    print();
  }

  @Override
  public boolean isLineOpen() {
    return open;
  }

  private void print() {
    String clear = text.take();
    if (!clear.isEmpty()) {
      out.accept(clear);
    }
  }

  private void add(int c) {
    if (c == '\n') {
      endLine();
      text.newLine();
      line = new Start();
      return;
    }
    switch (line) {
      case Start _ -> {
        if (c == '\t' && head.toString().isBlank()) {
          head.repeat(' ', TAB);
        } else {
          head.appendCodePoint(c);
        }
        begin(false);
      }
      case Prose(InlineMarkdown inline) -> inline.add(c == '\t' ? ' ' : c);
      case Verbatim(Set<Mark> marks) -> text.verbatim(Character.toString(c), marks);
    }
  }

  /** Finds out what a line is, and prints its beginning. */
  private void begin(boolean end) {
    int indent = indentOfHead();
    String rest = head.substring(indent);
    if (!fence.isEmpty()) {
      beginCode(rest, end);
      return;
    }
    Matcher number = NUMBER.matcher(rest);
    if (!end && (rest.isEmpty() || UNCLEAR.matcher(rest).matches())) {
      return;
    }
    Matcher opening = FENCE.matcher(rest);
    if (opening.matches()) { // only at the end of a line: else it is unclear, or too long
      fence = opening.group(1);
      verbatim(Mark.with(Mark.NONE, Mark.DIM));
    } else if (HEADING.matcher(rest).matches()) {
      take(indent);
      head.setLength(0);
      line = new Prose(new InlineMarkdown(text, heading(rest.length() - 1)));
    } else if (BULLET.matcher(rest).matches()) {
      take(indent);
      item("\u2022 ", indent);
    } else if (number.matches()) {
      take(indent);
      item(rest, indent);
    } else if (QUOTE.matcher(rest).matches()) {
      text.verbatim(head.toString(), Mark.with(Mark.NONE, Mark.DIM));
      item("", indent + rest.length());
    } else if (rest.startsWith("|")) {
      verbatim(Mark.NONE);
    } else {
      take(indent);
      text.indent(indent);
      prose(rest);
    }
  }

  private static Set<Mark> heading(int level) {
    Set<Mark> bold = Mark.with(Mark.NONE, Mark.BOLD);
    return level <= 2 ? Mark.with(bold, Mark.UNDERLINE) : bold;
  }

  private int indentOfHead() {
    int indent = 0;
    while (indent < head.length() && head.charAt(indent) == ' ') {
      indent++;
    }
    return indent;
  }

  /** Prints the indentation. */
  private void take(int indent) {
    text.verbatim(" ".repeat(indent), Mark.NONE);
  }

  private void item(String mark, int indent) {
    text.verbatim(mark, Mark.NONE);
    text.indent(indent + mark.length());
    prose("");
  }

  private void prose(String start) {
    head.setLength(0);
    InlineMarkdown inline = new InlineMarkdown(text, Mark.NONE);
    line = new Prose(inline);
    start.codePoints().forEach(inline::add);
  }

  private void verbatim(Set<Mark> marks) {
    text.verbatim(head.toString(), marks);
    head.setLength(0);
    line = new Verbatim(marks);
  }

  /** A line of code, or the fence behind it: at least as long as the one before. */
  private void beginCode(String rest, boolean end) {
    String run = rest.stripTrailing();
    char mark = fence.charAt(0);
    boolean closing = run.chars().allMatch(c -> c == mark);
    if (closing && !end) {
      return;
    }
    if (closing && run.length() >= fence.length()) {
      fence = "";
      verbatim(Mark.with(Mark.NONE, Mark.DIM));
    } else {
      verbatim(Mark.with(Mark.NONE, Mark.CODE));
    }
  }

  private void endLine() {
    switch (line) {
      case Start _ -> {
        if (!head.isEmpty()) {
          begin(true);
          endLine();
        }
      }
      case Prose(InlineMarkdown inline) -> inline.end();
      case Verbatim _ -> {}
    }
  }
}
