package dev.chaski.chat.jinja;

import static java.util.Map.entry;

import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Filters that make text. */
final class StringFilters {
  static final Map<String, Filters.Filter> FILTERS =
      Map.ofEntries(
          entry("capitalize", soft("capitalize", StringOperations::capitalize)),
          entry("center", StringFilters::center),
          entry("e", plain("escape", Markup::escape)),
          entry("escape", plain("escape", Markup::escape)),
          entry(
              "forceescape",
              plain("forceescape", (text, budget) -> Markup.escape(text.plain(), budget))),
          entry("format", StringFilters::format),
          entry("indent", StringFilters::indent),
          entry("lower", soft("lower", StringOperations::lower)),
          entry("replace", StringFilters::replace),
          entry("safe", plain("safe", (text, _) -> text.asMarkup())),
          entry("string", plain("string", (text, _) -> text)),
          entry("title", plain("title", StringFilters::title)),
          entry("tojson", StringFilters::toJson),
          entry("trim", StringFilters::trim),
          entry("truncate", StringFilters::truncate),
          entry("upper", soft("upper", StringOperations::upper)),
          entry("wordcount", StringFilters::wordCount));

  private StringFilters() {}

  @FunctionalInterface
  private interface Change {
    Str apply(Str text, Budget budget);
  }

  private static Filters.Filter plain(String name, Change change) {
    return (input, arguments, evaluator) -> {
      arguments.bind(name, 0);
      return change.apply(Printer.softStr(input, evaluator.budget()), evaluator.budget());
    };
  }

  /** A filter that keeps markup markup. */
  private static Filters.Filter soft(String name, Change change) {
    return plain(name, (text, budget) -> change.apply(text, budget).markedAs(text));
  }

  private static Value center(Value input, Arguments arguments, Evaluator evaluator) {
    Budget budget = evaluator.budget();
    long width = Arguments.integer(arguments.bind("center", 0, "width")[0], 80);
    Str text = Printer.softStr(input, budget);
    Str space = Str.ofTemplate(" ");
    return StringOperations.pad(text, width, space, StringOperations.Align.CENTER, budget)
        .markedAs(text);
  }

  private static Value format(Value input, Arguments arguments, Evaluator evaluator) {
    Budget budget = evaluator.budget();
    Dict named = new Dict();
    arguments.keywords().forEach((name, value) -> named.put(Str.ofTemplate(name), value, budget));
    if (named.size() > 0 && !arguments.positional().isEmpty()) {
      throw TemplateException.because(
          "can't handle positional and keyword arguments at the same time");
    }
    Value values = named.size() > 0 ? named : Value.Sequence.tuple(arguments.positional());
    return PercentFormat.format(Printer.softStr(input, budget), values, budget);
  }

  private static Value indent(Value input, Arguments arguments, Evaluator evaluator) {
    Value[] bound = arguments.bind("indent", 0, "width", "first", "blank");
    Budget budget = evaluator.budget();
    Operators.refuseUndefined(input, budget);
    Str text = Arguments.string(input, "indent");
    Str indentation =
        bound[0] instanceof Str given
            ? given
            : Str.ofContext(" ").times(Arguments.integer(bound[0], 4), budget);
    boolean first = Arguments.truth(bound[1], false);
    boolean blank = Arguments.truth(bound[2], false);
    StrBuilder out = new StrBuilder(budget);
    Str newline = Str.ofContext("\n");
    int index = 0;
    for (Value value : StringOperations.lines(text.plus(newline, budget), false, budget)) {
      Str line = (Str) value;
      if (index > 0) {
        out.append(newline);
      }
      if (index == 0 ? first : blank || !line.isEmpty()) {
        out.append(indentation);
      }
      out.append(line);
      index++;
    }
    return out.toStr().markedAs(text);
  }

  private static Value replace(Value input, Arguments arguments, Evaluator evaluator) {
    Value[] bound = arguments.bind("replace", 2, "old", "new", "count");
    Budget budget = evaluator.budget();
    boolean all = bound[2] == null || bound[2] == Value.None.NONE;
    long most = all ? -1 : Arguments.integer(bound[2], -1);
    return StringOperations.replace(
        Printer.str(input, budget),
        Printer.str(bound[0], budget).text(),
        Printer.str(bound[1], budget),
        most < 0 ? Long.MAX_VALUE : most,
        budget);
  }

  /** A capital at the start and after white space, hyphens and opening brackets. */
  private static Str title(Str text, Budget budget) {
    StrBuilder out = new StrBuilder(budget);
    String chars = text.text();
    boolean wordStarts = true;
    for (int i = 0; i < chars.length(); ) {
      int codePoint = chars.codePointAt(i);
      String letter = Character.toString(codePoint);
      String changed =
          wordStarts ? letter.toUpperCase(Locale.ROOT) : letter.toLowerCase(Locale.ROOT);
      out.append(changed, text.isFromTemplate(i));
      wordStarts = PythonText.isSpace(codePoint) || "-({[<".indexOf(codePoint) >= 0;
      i += letter.length();
    }
    return out.toStr();
  }

  private static Value toJson(Value input, Arguments arguments, Evaluator evaluator) {
    Value[] bound =
        arguments.bind("tojson", 0, "ensure_ascii", "indent", "separators", "sort_keys");
    Budget budget = evaluator.budget();
    String indent = null;
    if (bound[1] instanceof Str text) {
      indent = text.text();
    } else if (bound[1] != null && bound[1] != Value.None.NONE) {
      indent = Str.ofContext(" ").times(Arguments.integer(bound[1], 0), budget).text();
    }
    Str itemSeparator = Str.ofContext(indent == null ? ", " : ",");
    Str keySeparator = Str.ofContext(": ");
    if (bound[2] != null && bound[2] != Value.None.NONE) {
      List<Value> separators = Iteration.toList(bound[2], budget);
      if (separators.size() != 2) {
        throw TemplateException.because("separators must be two strings");
      }
      itemSeparator = Arguments.string(separators.get(0), "separators");
      keySeparator = Arguments.string(separators.get(1), "separators");
    }
    JsonPrinter.Style style =
        new JsonPrinter.Style(
            Arguments.truth(bound[0], false),
            indent,
            itemSeparator,
            keySeparator,
            Arguments.truth(bound[3], false));
    return JsonPrinter.print(input, style, budget);
  }

  private static Value trim(Value input, Arguments arguments, Evaluator evaluator) {
    Value chars = arguments.bind("trim", 0, "chars")[0];
    Budget budget = evaluator.budget();
    Str set = chars == null || chars == Value.None.NONE ? null : Arguments.string(chars, "trim");
    Str text = Printer.softStr(input, budget);
    return StringOperations.strip(text, set, true, true, budget).markedAs(text);
  }

  private static Value truncate(Value input, Arguments arguments, Evaluator evaluator) {
    Value[] bound = arguments.bind("truncate", 0, "length", "killwords", "end", "leeway");
    Budget budget = evaluator.budget();
    long length = Arguments.integer(bound[0], 255);
    Str end = bound[2] == null ? Str.ofTemplate("...") : Arguments.string(bound[2], "truncate");
    boolean defaultLeeway = bound[3] == null || bound[3] == Value.None.NONE;
    long leeway = defaultLeeway ? 5 : Arguments.integer(bound[3], 5);
    if (length < end.length() || leeway < 0) {
      throw TemplateException.because(
          "expected length >= %d and leeway >= 0, got %d and %d"
              .formatted(end.length(), length, leeway));
    }
    if (Iteration.length(input) - length <= leeway) {
      return input;
    }
    Str text = Arguments.string(input, "truncate");
    Str kept = text.slice(0, text.offsetOf((int) (length - end.length()), budget), budget);
    if (!Arguments.truth(bound[1], false)) {
      kept = (Str) StringOperations.split(kept, " ", 1, true, budget).items().getFirst();
    }
    return Markup.concatenate(kept.markedAs(text), end, budget);
  }

  private static Value wordCount(Value input, Arguments arguments, Evaluator evaluator) {
    arguments.bind("wordcount", 0);
    String text = Printer.str(input, evaluator.budget()).text();
    evaluator.budget().characters(text.length());
    int words = 0;
    boolean insideWord = false;
    for (int i = 0; i < text.length(); i += Character.charCount(text.codePointAt(i))) {
      int codePoint = text.codePointAt(i);
      boolean inside = codePoint == '_' || Character.isLetterOrDigit(codePoint);
      words += inside && !insideWord ? 1 : 0;
      insideWord = inside;
    }
    return Value.Int.of(words);
  }
}
