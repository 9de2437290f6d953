package dev.chaski.chat.jinja;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What becomes of strings that went through {@code safe} or {@code escape}. They are markup from
 * then on: whatever plain text is added to them is HTML-escaped first, on either side. Chat
 * templates hardly mean that, but some use {@code safe}, and models were trained on the outcome.
 */
final class Markup {
  private Markup() {}

  /** {@code text} with HTML's special characters escaped; markup already is. */
  static Str escape(Str text, Budget budget) {
    if (text.isMarkup()) {
      return text;
    }
    StrBuilder out = new StrBuilder(budget);
    String chars = text.text();
    int plainFrom = 0;
    for (int i = 0; i < chars.length(); i++) {
      String escaped =
          switch (chars.charAt(i)) {
            case '&' -> "&amp;";
            case '<' -> "&lt;";
            case '>' -> "&gt;";
            case '\'' -> "&#39;";
            case '"' -> "&#34;";
            default -> "";
          };
      if (!escaped.isEmpty()) {
        out.append(text, plainFrom, i).append(escaped, text.isFromTemplate(i));
        plainFrom = i + 1;
      }
    }
    return out.append(text, plainFrom, chars.length()).toStr().asMarkup();
  }

  /** {@code first + second}. */
  static Str concatenate(Str first, Str second, Budget budget) {
    if (!first.isMarkup() && !second.isMarkup()) {
      return first.plus(second, budget);
    }
    return escape(first, budget).plus(escape(second, budget), budget).asMarkup();
  }

  /** What a method of markup gave: markup again. */
  static Value marked(Value result) {
    return switch (result) {
      case Str string -> string.asMarkup();
      case Value.Sequence sequence ->
          new Value.Sequence(
              sequence.items().stream().map(Markup::marked).toList(), sequence.isTuple());
      default -> result;
    };
  }

  /** The arguments of a method of markup, with the texts that it puts into its result escaped. */
  static Arguments escaped(String method, Arguments arguments, Budget budget) {
    List<Value> positional = new ArrayList<>(arguments.positional());
    Map<String, Value> keywords = new LinkedHashMap<>(arguments.keywords());
    switch (method) {
      case "replace", "center", "ljust", "rjust" -> {
        if (positional.size() > 1) {
          positional.set(1, escapedIfText(positional.get(1), budget));
        }
        keywords.replaceAll((_, value) -> escapedIfText(value, budget));
      }
      case "join" -> {
        if (!positional.isEmpty()) {
          List<Value> items = Iteration.toList(positional.getFirst(), budget);
          items.replaceAll(item -> escape(Printer.softStr(item, budget), budget));
          positional.set(0, Value.Sequence.list(items));
        }
      }
      default -> {}
    }
    return new Arguments(positional, keywords);
  }

  private static Value escapedIfText(Value value, Budget budget) {
    return value instanceof Str text ? escape(text, budget) : value;
  }
}
