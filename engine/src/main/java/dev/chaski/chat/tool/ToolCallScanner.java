package dev.chaski.chat.tool;

import dev.chaski.chat.tool.ToolCallParser.Parsed;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Separates the text of an answer from the calls in it, as it comes. How the answer is cut into
 * pieces makes no difference. Understood are
 *
 * <ul>
 *   <li>{@code <tool_call>{"name": ..., "arguments": {...}}</tool_call>} of Hermes, with {@code
 *       tool_name} and {@code tool_arguments} of Storm, quoted as in JSON or Python;
 *   <li>{@code {"name": ..., "parameters": {...}}} of Llama 3.1 and {@code [name(key=value)]} of
 *       Llama 3.2 at the beginning of a line, if that is the name of a tool;
 *   <li>all after {@code <|python_tag|>}: {@code name.call(key="value")}, an object as above, or a
 *       program, which becomes a call of {@code code_interpreter};
 *   <li>{@code <function=name>{...}</function>} of Llama 3.1.
 * </ul>
 *
 * <p>Text that looked like a call and is none comes through as it is. White space beside calls does
 * not. Belongs to one answer, and to one thread.
 */
public final class ToolCallScanner {
  private static final String PYTHON_TAG = "<|python_tag|>";
  private static final String FUNCTION = "<function=";

  /** How calls begin and end that have a mark. */
  private enum Mark {
    TOOL_CALL("<tool_call>", "</tool_call>"),
    PYTHON(PYTHON_TAG, ""),
    NAMED(FUNCTION, "</function>");

    final String begin;
    final String end;

    Mark(String begin, String end) {
      this.begin = begin;
      this.end = end;
    }
  }

  private final Set<String> tools;
  private final Supplier<String> ids;
  private final ToolCallListener listener;
  private final StringBuilder held = new StringBuilder();
  private final StringBuilder space = new StringBuilder();
  private boolean afterCall;
  private boolean lineStart = true;
  private boolean afterBareCall;

  /**
   * A scanner of one answer.
   *
   * @param tools names of the tools that there are
   * @param ids gives each call its id
   */
  public ToolCallScanner(Set<String> tools, Supplier<String> ids, ToolCallListener listener) {
    this.tools = Set.copyOf(tools);
    this.ids = ids;
    this.listener = listener;
  }

  /** Spellings of special tokens that the scanner must see in the text. */
  public static List<String> markers() {
    return List.of(Mark.TOOL_CALL.begin, Mark.TOOL_CALL.end, PYTHON_TAG);
  }

  /** Takes the next piece of the answer. */
  public void accept(String piece) {
    held.append(piece);
    advance(false, false);
  }

  /**
   * Takes the end of the answer.
   *
   * @param whole whether the model itself ended it: then a call may lack its closing brackets, else
   *     it was cut off and is text
   */
  public void finish(boolean whole) {
    advance(true, whole);
    text(held.toString());
    held.setLength(0);
    if (!space.isEmpty()) {
      listener.onText(space.toString());
      space.setLength(0);
    }
  }

  private void advance(boolean ended, boolean whole) {
    while (!held.isEmpty()) {
      if (afterBareCall && !skipSeparators()) {
        return;
      }
      int begin = nextBegin();
      if (begin < 0) {
        release(ended ? held.length() : held.length() - possibleMark());
        return;
      }
      release(begin);
      Progress progress = isBracket() ? bare(ended, whole) : marked(ended, whole);
      if (progress == Progress.WAIT) {
        return;
      }
    }
  }

  private enum Progress {
    WAIT,
    DONE
  }

  /** Where the first call may begin, or -1. */
  private int nextBegin() {
    int first = -1;
    for (Mark mark : Mark.values()) {
      int at = held.indexOf(mark.begin);
      first = at >= 0 && (first < 0 || at < first) ? at : first;
    }
    int bracket = bracketAtLineStart();
    return bracket >= 0 && (first < 0 || bracket < first) ? bracket : first;
  }

  private int bracketAtLineStart() {
    boolean start = lineStart;
    for (int i = 0; i < held.length(); i++) {
      char c = held.charAt(i);
      if (start && (c == '{' || c == '[')) {
        return i;
      }
      start = c == '\n' || (start && Character.isWhitespace(c));
    }
    return -1;
  }

  private boolean isBracket() {
    return held.charAt(0) == '{' || held.charAt(0) == '[';
  }

  /** A call without a mark: let through as soon as it cannot be one any more. */
  private Progress bare(boolean ended, boolean whole) {
    List<Parsed> calls = new ArrayList<>();
    String text = held.toString();
    int end = BareCall.end(text, tools, calls, ended && whole);
    if (end > 0) {
      calls.forEach(this::call);
      held.delete(0, end);
      afterBareCall = true;
      return Progress.DONE;
    }
    if (end == BareCall.UNDECIDED && !ended) {
      return Progress.WAIT;
    }
    release(1);
    return Progress.DONE;
  }

  /** What stands between calls, or was closed too often; answers whether something follows. */
  private boolean skipSeparators() {
    int n = 0;
    while (n < held.length() && ",; \n}]".indexOf(held.charAt(n)) >= 0) {
      n++;
    }
    held.delete(0, n);
    lineStart = true;
    afterBareCall = held.isEmpty();
    return !held.isEmpty();
  }

  private Progress marked(boolean ended, boolean whole) {
    Mark mark = Mark.TOOL_CALL;
    for (Mark candidate : Mark.values()) {
      mark = held.indexOf(candidate.begin) == 0 ? candidate : mark;
    }
    int bodyStart = mark.begin.length();
    int end = mark.end.isEmpty() ? -1 : held.indexOf(mark.end, bodyStart);
    int next = end + mark.end.length();
    int again = mark == Mark.TOOL_CALL ? held.indexOf(mark.begin, bodyStart) : -1;
    if (again >= 0 && (end < 0 || again < end)) {
      end = again; // it forgot to close the one before
      next = again;
    }
    if (end < 0 && !ended) {
      return Progress.WAIT;
    }
    boolean closed = end >= 0;
    String body = closed ? held.substring(bodyStart, end) : held.substring(bodyStart);
    List<Parsed> calls = parse(mark, body, closed || whole, closed);
    next = closed ? next : held.length();
    if (calls.isEmpty()) {
      release(next);
    } else {
      calls.forEach(this::call);
      held.delete(0, next);
      lineStart = true;
    }
    return Progress.DONE;
  }

  private static List<Parsed> parse(Mark mark, String body, boolean mayBeCut, boolean closed) {
    return switch (mark) {
      case TOOL_CALL -> {
        List<Parsed> calls = ToolCallParser.objects(body, mayBeCut);
        yield calls.isEmpty() ? ToolCallParser.python(body) : calls;
      }
      case PYTHON -> mayBeCut ? ToolCallParser.afterPythonTag(body, true) : List.of();
      case NAMED -> {
        int end = body.indexOf('>');
        yield end <= 0 || !closed
            ? List.of()
            : ToolCallParser.named(body.substring(0, end).strip(), body.substring(end + 1));
      }
    };
  }

  /** Length of the longest end of the held text that a mark begins with. */
  private int possibleMark() {
    int longest = 0;
    for (Mark mark : Mark.values()) {
      for (int n = Math.min(mark.begin.length() - 1, held.length()); n > longest; n--) {
        if (mark.begin.startsWith(held.substring(held.length() - n))) {
          longest = n;
        }
      }
    }
    return longest;
  }

  private void release(int length) {
    if (length > 0) {
      String released = held.substring(0, length);
      held.delete(0, length);
      text(released);
    }
  }

  /** White space waits until it is known what comes behind. */
  private void text(String released) {
    for (int i = 0; i < released.length(); i++) {
      char c = released.charAt(i);
      lineStart = c == '\n' || (lineStart && Character.isWhitespace(c));
    }
    int end = released.stripTrailing().length();
    if (end > 0) {
      String words = released.substring(0, end);
      listener.onText(afterCall ? words.stripLeading() : space + words);
      space.setLength(0);
      afterCall = false;
    }
    if (!afterCall) {
      space.append(released, end, released.length());
    }
  }

  private void call(Parsed parsed) {
    space.setLength(0);
    afterCall = true;
    listener.onToolCall(new ToolCall(ids.get(), parsed.name(), parsed.arguments()));
  }
}
