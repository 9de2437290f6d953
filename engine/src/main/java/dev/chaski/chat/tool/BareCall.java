package dev.chaski.chat.tool;

import dev.chaski.chat.tool.LooseJson.NotJsonException;
import dev.chaski.chat.tool.ToolCallParser.Parsed;
import java.util.List;
import java.util.Set;

/**
 * Recognises a call that stands in an answer without a mark around it: an object, a list of them,
 * or a list of calls as Python writes them. It must name a tool that exists, and begin as a call
 * does: so other JSON is known to be none after its first key.
 */
final class BareCall {
  /** The beginning of the text may yet become a call. */
  static final int UNDECIDED = 0;

  /** It will not. */
  static final int NONE = -1;

  private static final Set<String> FIRST_KEYS =
      Set.of(
          "name",
          "tool_name",
          "function",
          "arguments",
          "parameters",
          "tool_arguments",
          "type",
          "id");

  private final String text;
  private final Set<String> tools;
  private final boolean mayBeCut;

  private BareCall(String text, Set<String> tools, boolean mayBeCut) {
    this.text = text;
    this.tools = tools;
    this.mayBeCut = mayBeCut;
  }

  /**
   * Looks for calls at the beginning of a text.
   *
   * @param text begins with a bracket
   * @param out where the calls are put
   * @return where they end, or {@link #UNDECIDED} or {@link #NONE}
   */
  static int end(String text, Set<String> tools, List<Parsed> out, boolean mayBeCut) {
    BareCall call = new BareCall(text, tools, mayBeCut);
    int inner = text.charAt(0) == '[' ? call.skipSpace(1) : 0;
    if (inner == text.length()) {
      return UNDECIDED;
    }
    return text.charAt(inner) == '{' ? call.objects(inner, out) : call.python(inner, out);
  }

  private int objects(int brace, List<Parsed> out) {
    int start = beginning(brace);
    if (start != 1) {
      return start;
    }
    LooseJson json = new LooseJson(text, 0, mayBeCut);
    try {
      Object value = json.value();
      boolean calls = ToolCallParser.add(value, out);
      return calls && areTools(out) ? json.position() : NONE;
    } catch (NotJsonException _) {
      return UNDECIDED;
    }
  }

  /** 1 if the object begins as a call does, or one of the other answers. */
  private int beginning(int brace) {
    int quote = skipSpace(brace + 1);
    if (quote == text.length()) {
      return UNDECIDED;
    }
    char mark = text.charAt(quote);
    if (mark != '"' && mark != '\'') {
      return NONE;
    }
    int end = text.indexOf(mark, quote + 1);
    String key = text.substring(quote + 1, end < 0 ? text.length() : end);
    if (end < 0) {
      return FIRST_KEYS.stream().anyMatch(first -> first.startsWith(key)) ? UNDECIDED : NONE;
    }
    return FIRST_KEYS.contains(key) ? 1 : NONE;
  }

  private int python(int start, List<Parsed> out) {
    int end = start;
    while (end < text.length() && isNamePart(text.charAt(end))) {
      end++;
    }
    String name = text.substring(start, end);
    if (text.charAt(0) != '[' || name.isEmpty()) {
      return NONE;
    }
    if (end == text.length()) {
      return tools.stream().anyMatch(tool -> tool.startsWith(name)) ? UNDECIDED : NONE;
    }
    if (!tools.contains(name) || text.charAt(end) != '(') {
      return NONE;
    }
    LooseJson source = new LooseJson(text, 0, false);
    List<Parsed> calls = ToolCallParser.python(source);
    if (calls.isEmpty()) {
      return UNDECIDED;
    }
    out.addAll(calls);
    return areTools(out) ? source.position() : NONE;
  }

  private static boolean isNamePart(char c) {
    return Character.isLetterOrDigit(c) || c == '_' || c == '.';
  }

  private boolean areTools(List<Parsed> calls) {
    return calls.stream().allMatch(call -> tools.contains(call.name()));
  }

  private int skipSpace(int from) {
    int at = from;
    while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
      at++;
    }
    return at;
  }
}
