package dev.chaski.chat.jinja;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * {@code json.dumps} of Python, which transformers puts in place of Jinja's {@code tojson}: no HTML
 * escaping, and other than ASCII left as it is unless asked. Provenance as in {@link Printer}.
 */
final class JsonPrinter {
  /**
   * How to write.
   *
   * @param indent what one level is indented by, or null to write on one line
   */
  record Style(
      boolean ensureAscii, String indent, Str itemSeparator, Str keySeparator, boolean sortKeys) {}

  private final Style style;
  private final Budget budget;
  private final StrBuilder out;
  private int level;

  private JsonPrinter(Style style, Budget budget) {
    this.style = style;
    this.budget = budget;
    this.out = new StrBuilder(budget);
  }

  static Str print(Value value, Style style, Budget budget) {
    JsonPrinter printer = new JsonPrinter(style, budget);
    printer.print(value);
    return printer.out.toStr();
  }

  private void print(Value value) {
    budget.step();
    budget.enter();
    switch (value) {
      case Value.None _, Value.Bool _, Value.Int _, Value.Real _ -> write(scalar(value));
      case Str string -> quote(string);
      case Value.Sequence sequence -> items(sequence.items());
      case Dict dict -> dict(dict);
      case Value.Undefined _,
          Value.Range _,
          Value.DictView _,
          Value.Generator _,
          Value.Namespace _,
          Value.Callable _ ->
          throw TemplateException.because(
              "Object of type " + value.typeName() + " is not JSON serializable");
    }
    budget.leave();
  }

  private static String scalar(Value value) {
    return switch (value) {
      case Value.Bool bool -> bool == Value.Bool.TRUE ? "true" : "false";
      case Value.Int number -> number.value().toString();
      case Value.Real number -> real(number.value());
      default -> "null";
    };
  }

  private static String real(double value) {
    return Double.isNaN(value)
        ? "NaN"
        : Double.isInfinite(value) ? (value > 0 ? "Infinity" : "-Infinity") : Numbers.repr(value);
  }

  private void items(List<Value> items) {
    if (items.isEmpty()) {
      write("[]");
      return;
    }
    write("[");
    level++;
    boolean first = true;
    for (Value item : items) {
      separate(first);
      print(item);
      first = false;
    }
    level--;
    newLine();
    write("]");
  }

  private void dict(Dict dict) {
    if (dict.size() == 0) {
      write("{}");
      return;
    }
    write("{");
    level++;
    boolean first = true;
    for (Dict.Entry entry : sorted(dict.entries())) {
      separate(first);
      quote(key(entry.key()));
      out.append(style.keySeparator());
      print(entry.value());
      first = false;
    }
    level--;
    newLine();
    write("}");
  }

  private Collection<Dict.Entry> sorted(Collection<Dict.Entry> entries) {
    if (!style.sortKeys()) {
      return entries;
    }
    return Sorting.sorted(
        new ArrayList<>(entries),
        (a, b) -> Comparisons.holds(Comparisons.Order.LESS, a.key(), b.key(), budget));
  }

  private static Str key(Value key) {
    return switch (key) {
      case Str string -> string;
      case Value.None _, Value.Bool _, Value.Int _, Value.Real _ -> Str.ofContext(scalar(key));
      default ->
          throw TemplateException.because(
              "keys must be str, int, float, bool or None, not " + key.typeName());
    };
  }

  private void separate(boolean first) {
    if (!first) {
      out.append(style.itemSeparator());
    }
    newLine();
  }

  private void newLine() {
    if (style.indent() != null) {
      write("\n");
      for (int i = 0; i < level; i++) {
        write(style.indent());
      }
    }
  }

  private void quote(Str string) {
    String text = string.text();
    budget.characters(text.length());
    write("\"");
    int plainFrom = 0;
    for (int i = 0; i < text.length(); i++) {
      String escaped = escaped(text.charAt(i));
      if (!escaped.isEmpty()) {
        out.append(string, plainFrom, i);
        out.append(escaped, string.isFromTemplate(i));
        plainFrom = i + 1;
      }
    }
    out.append(string, plainFrom, text.length());
    write("\"");
  }

  private String escaped(char c) {
    return switch (c) {
      case '"' -> "\\\"";
      case '\\' -> "\\\\";
      case '\n' -> "\\n";
      case '\r' -> "\\r";
      case '\t' -> "\\t";
      case '\f' -> "\\f";
      case '\b' -> "\\b";
      default -> c < ' ' || (style.ensureAscii() && c > '~') ? "\\u%04x".formatted((int) c) : "";
    };
  }

  private void write(String text) {
    out.append(text, false);
  }
}
