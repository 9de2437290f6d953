package dev.chaski.chat.jinja;

import java.util.Map;

/**
 * {@code str()} and {@code repr()}. Characters of strings keep their provenance; whatever else is
 * printed (digits, brackets, names) counts as coming from the context, for nobody can tell.
 */
final class Printer {
  private final StrBuilder out;
  private final Budget budget;

  private Printer(Budget budget) {
    this.out = new StrBuilder(budget);
    this.budget = budget;
  }

  /** {@code str(value)}. */
  static Str str(Value value, Budget budget) {
    return switch (value) {
      case Str string -> string.plain();
      case Value.Undefined _ -> Str.EMPTY;
      case Value.None _,
          Value.Bool _,
          Value.Int _,
          Value.Real _,
          Value.Sequence _,
          Dict _,
          Value.Range _,
          Value.DictView _,
          Value.Generator _,
          Value.Namespace _,
          Value.Callable _ ->
          repr(value, budget);
    };
  }

  /** {@code str(value)}, but markup stays markup. */
  static Str softStr(Value value, Budget budget) {
    return value instanceof Str string ? string : str(value, budget);
  }

  /** {@code repr(value)}. */
  static Str repr(Value value, Budget budget) {
    Printer printer = new Printer(budget);
    printer.print(value);
    return printer.out.toStr();
  }

  private void print(Value value) {
    budget.step();
    budget.enter();
    switch (value) {
      case Value.Undefined _ -> write("Undefined");
      case Value.None _ -> write("None");
      case Value.Bool bool -> write(bool == Value.Bool.TRUE ? "True" : "False");
      case Value.Int number -> write(number.value().toString());
      case Value.Real number -> write(Numbers.repr(number.value()));
      case Str string -> quote(string);
      case Value.Sequence sequence -> {
        write(sequence.isTuple() ? "(" : "[");
        items(sequence.items());
        write(sequence.isTuple() ? (sequence.items().size() == 1 ? ",)" : ")") : "]");
      }
      case Dict dict -> dict(dict);
      case Value.Range range -> {
        write("range(" + range.start() + ", " + range.stop());
        write(range.step() == 1 ? ")" : ", " + range.step() + ")");
      }
      case Value.DictView view -> {
        budget.steps(view.dict().size());
        write(view.typeName() + "([");
        items(view.items());
        write("])");
      }
      case Value.Generator _ -> write("<generator object>");
      case Value.Namespace namespace -> {
        write("<Namespace ");
        Dict attributes = new Dict();
        for (Map.Entry<String, Value> entry : namespace.attributes().entrySet()) {
          attributes.put(Str.ofContext(entry.getKey()), entry.getValue(), budget);
        }
        dict(attributes);
        write(">");
      }
      case Value.Callable callable -> write(callable.description());
    }
    budget.leave();
  }

  private void items(Iterable<Value> items) {
    String separator = "";
    for (Value item : items) {
      write(separator);
      print(item);
      separator = ", ";
    }
  }

  private void dict(Dict dict) {
    String separator = "{";
    for (Dict.Entry entry : dict.entries()) {
      write(separator);
      print(entry.key());
      write(": ");
      print(entry.value());
      separator = ", ";
    }
    write(dict.size() == 0 ? "{}" : "}");
  }

  private void quote(Str string) {
    String text = string.text();
    budget.characters(text.length());
    write(string.isMarkup() ? "Markup(" : "");
    char quote = text.indexOf('\'') >= 0 && text.indexOf('"') < 0 ? '"' : '\'';
    write(String.valueOf(quote));
    int plainFrom = 0;
    for (int i = 0; i < text.length(); ) {
      int codePoint = text.codePointAt(i);
      int next = i + Character.charCount(codePoint);
      String escaped = escaped(codePoint, quote);
      if (!escaped.isEmpty()) {
        out.append(string, plainFrom, i);
        out.append(escaped, string.isFromTemplate(i));
        plainFrom = next;
      }
      i = next;
    }
    out.append(string, plainFrom, text.length());
    write(String.valueOf(quote));
    write(string.isMarkup() ? ")" : "");
  }

  private static String escaped(int codePoint, char quote) {
    return switch (codePoint) {
      case '\\' -> "\\\\";
      case '\n' -> "\\n";
      case '\r' -> "\\r";
      case '\t' -> "\\t";
      default -> {
        if (codePoint == quote) {
          yield "\\" + quote;
        }
        if (PythonText.isPrintable(codePoint)) {
          yield "";
        }
        yield codePoint < 0x100
            ? "\\x%02x".formatted(codePoint)
            : codePoint < 0x10000 ? "\\u%04x".formatted(codePoint) : "\\U%08x".formatted(codePoint);
      }
    };
  }

  private void write(String text) {
    out.append(text, false);
  }
}
