package dev.chaski.cli.markdown;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Set;

/**
 * Emphasis and code within a line. From a mark that may open something until its counterpart, text
 * is held back, so that a mark without one can come out as it was; but not longer than {@value
 * #MAX_HELD} characters, and not over the end of the line. Source: CommonMark, sections 6.1 and
 * 6.2, with a single {@code *} taken as strictly as {@code _}: in {@code 2*3*4} it is no mark.
 */
final class InlineMarkdown {
  /** Characters of a span at most. */
  static final int MAX_HELD = 200;

  private static final int WAIT = -1;
  private static final int NONE = -2;
  private static final String ESCAPED = "*_`#";

  private final FoldedText out;
  private final Set<Mark> marks;
  private final StringBuilder held = new StringBuilder();
  private int before = '\n'; // the character before what is held

  /**
   * An empty line.
   *
   * @param marks of all text in it
   */
  InlineMarkdown(FoldedText out, Set<Mark> marks) {
    this.out = out;
    this.marks = marks;
  }

  /** The next character. */
  void add(int codePoint) {
    held.appendCodePoint(codePoint);
    resolve(false);
  }

  /** There are no more. */
  void end() {
    resolve(true);
  }

  /**
   * Prints what is clear.
   *
   * @param end whether nothing follows
   */
  private void resolve(boolean end) {
    boolean clear = true;
    while (clear && !held.isEmpty()) {
      int length =
          switch (held.charAt(0)) {
            case '\\' -> escape(end);
            case '`' -> code(end);
            case '*', '_' -> emphasis(end);
            default -> text(Character.charCount(held.codePointAt(0)));
          };
      clear = length != WAIT;
      if (clear) {
        before = held.codePointBefore(length);
        held.delete(0, length);
      }
    }
  }

  /** Prints the first characters as they are. */
  private int text(int length) {
    print(held.substring(0, length), marks);
    return length;
  }

  private void print(String text, Set<Mark> itsMarks) {
    text.codePoints().forEach(c -> out.prose(c, itsMarks));
  }

  private int escape(boolean end) {
    if (held.length() == 1) {
      return end ? text(1) : WAIT;
    }
    if (ESCAPED.indexOf(held.charAt(1)) < 0) {
      return text(1);
    }
    print(held.substring(1, 2), marks);
    return 2;
  }

  private int code(boolean end) {
    int run = run(0);
    if (run == held.length() && !end) {
      return WAIT;
    }
    int close = codeEnd(0, run, end);
    if (close < 0) {
      return unclosed(run, end);
    }
    String code = held.substring(run, close - run);
    boolean padded = code.startsWith(" ") && code.endsWith(" ") && !code.isBlank();
    print(padded ? code.substring(1, code.length() - 1) : code, Mark.with(marks, Mark.CODE));
    return close;
  }

  /** A mark whose counterpart has not been found, or will not be. */
  private int unclosed(int run, boolean end) {
    return end || held.length() >= MAX_HELD ? text(run) : WAIT;
  }

  /** Where the code ends that opens with {@code run} backticks at {@code open}: behind its end. */
  private int codeEnd(int open, int run, boolean end) {
    int at = open + run;
    while (at < held.length()) {
      if (held.charAt(at) != '`') {
        at++;
        continue;
      }
      int other = run(at);
      if (at + other == held.length() && !end) {
        return WAIT;
      }
      if (other == run) {
        return at + run;
      }
      at += other;
    }
    return end ? NONE : WAIT;
  }

  private int emphasis(boolean end) {
    int run = run(0);
    if (run == held.length() && !end) {
      return WAIT;
    }
    boolean opens =
        run <= 3
            && run < held.length()
            && !Character.isWhitespace(held.codePointAt(run))
            && !(isStrict(held.charAt(0), run) && Character.isLetterOrDigit(before));
    if (!opens) {
      return text(run);
    }
    int close = emphasisEnd(run, end);
    if (close < 0) {
      return unclosed(run, end);
    }
    InlineMarkdown inner = new InlineMarkdown(out, emphasized(run));
    inner.held.append(held, run, close - run);
    inner.before = held.charAt(0);
    inner.end();
    return close;
  }

  private Set<Mark> emphasized(int run) {
    Set<Mark> some = run == 2 ? marks : Mark.with(marks, Mark.ITALIC);
    return run == 1 ? some : Mark.with(some, Mark.BOLD);
  }

  /** Whether such marks count only at the borders of words. */
  private static boolean isStrict(char mark, int run) {
    return mark == '_' || run == 1;
  }

  /** Where the emphasis ends that opens with the first {@code run} characters: behind its end. */
  private int emphasisEnd(int run, boolean end) {
    char mark = held.charAt(0);
    Deque<Integer> open = new ArrayDeque<>();
    open.push(run);
    int at = run;
    while (at < held.length()) {
      char c = held.charAt(at);
      if (c == '\\') {
        at += 2;
      } else if (c == '`') {
        int ticks = run(at);
        int close = codeEnd(at, ticks, end);
        if (close == WAIT) {
          return WAIT;
        }
        at = close == NONE ? at + ticks : close;
      } else if (c == mark) {
        int other = run(at);
        if (at + other == held.length() && !end) {
          return WAIT;
        }
        int used = closes(mark, at, other) ? close(open, other) : 0;
        if (open.isEmpty()) {
          return at + used;
        }
        if (used == 0 && opens(mark, at, other)) {
          open.push(other);
        }
        at += other;
      } else {
        at++;
      }
    }
    return end ? NONE : WAIT;
  }

  private boolean closes(char mark, int at, int run) {
    return !Character.isWhitespace(held.codePointBefore(at))
        && !(isStrict(mark, run) && Character.isLetterOrDigit(after(at + run)));
  }

  private boolean opens(char mark, int at, int run) {
    return !Character.isWhitespace(after(at + run))
        && !(isStrict(mark, run) && Character.isLetterOrDigit(held.codePointBefore(at)));
  }

  private int after(int at) {
    return at < held.length() ? held.codePointAt(at) : '\n';
  }

  /**
   * Takes off {@code open} what {@code run} marks close, and answers how many of them that took:
   * {@code ***} closes an italic and the bold around it.
   */
  private static int close(Deque<Integer> open, int run) {
    int rest = run;
    Deque<Integer> left = new ArrayDeque<>(open);
    while (!left.isEmpty() && left.peek() <= rest) {
      rest -= left.pop();
    }
    boolean exact = rest == 0;
    if (!exact && open.contains(run)) { // over others, which are left unclosed
      while (open.pop() != run) {}
      return run;
    }
    open.clear();
    open.addAll(left);
    return run - rest;
  }

  /** How often the character at {@code from} is repeated. */
  private int run(int from) {
    int to = from;
    while (to < held.length() && held.charAt(to) == held.charAt(from)) {
      to++;
    }
    return to - from;
  }
}
