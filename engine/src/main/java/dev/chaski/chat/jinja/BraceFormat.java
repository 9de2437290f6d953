package dev.chaski.chat.jinja;

import java.util.List;

/** {@code "{} of {total:>5}".format(...)}. */
final class BraceFormat {
  /** How deep fields may stand in the format of a field; Python's own limit. */
  private static final int MAX_FIELD_DEPTH = 2;

  private final Arguments arguments;
  private final Budget budget;
  private final boolean escapes;
  private int automatic;

  private BraceFormat(Arguments arguments, boolean escapes, Budget budget) {
    this.arguments = arguments;
    this.escapes = escapes;
    this.budget = budget;
  }

  /** {@code format.format(arguments)}. */
  static Str format(Str format, Arguments arguments, Budget budget) {
    return new BraceFormat(arguments, format.isMarkup(), budget)
        .expand(format, MAX_FIELD_DEPTH)
        .markedAs(format);
  }

  private Str expand(Str format, int depth) {
    if (depth == 0) {
      throw TemplateException.because("Max string recursion exceeded");
    }
    StrBuilder out = new StrBuilder(budget);
    String text = format.text();
    budget.characters(text.length());
    for (int i = 0; i < text.length(); ) {
      char c = text.charAt(i);
      boolean doubled = i + 1 < text.length() && text.charAt(i + 1) == c;
      if (c != '{' && c != '}') {
        int end = i;
        while (end < text.length() && text.charAt(end) != '{' && text.charAt(end) != '}') {
          end++;
        }
        out.append(format, i, end);
        i = end;
      } else if (doubled) {
        out.append(format, i, i + 1);
        i += 2;
      } else if (c == '}') {
        throw TemplateException.because("Single '}' encountered in format string");
      } else {
        int close = closing(text, i);
        out.append(field(format.slice(i + 1, close, budget), depth));
        i = close + 1;
      }
    }
    return out.toStr();
  }

  private static int closing(String text, int open) {
    int depth = 0;
    for (int i = open; i < text.length(); i++) {
      depth += text.charAt(i) == '{' ? 1 : text.charAt(i) == '}' ? -1 : 0;
      if (depth == 0) {
        return i;
      }
    }
    throw TemplateException.because("expected '}' before end of string");
  }

  private Str field(Str field, int depth) {
    String text = field.text();
    int colon = text.indexOf(':');
    int nameEnd = colon < 0 ? text.length() : colon;
    int bang = text.lastIndexOf('!', nameEnd - 1);
    char conversion = bang >= 0 && bang + 1 < nameEnd ? text.charAt(bang + 1) : 's';
    Value value = value(text.substring(0, bang >= 0 ? bang : nameEnd));
    Str spec =
        colon < 0 ? Str.EMPTY : expand(field.slice(colon + 1, text.length(), budget), depth - 1);
    if (bang >= 0) {
      value = conversion == 's' ? Printer.str(value, budget) : Printer.repr(value, budget);
    }
    Str shown =
        spec.isEmpty()
            ? Printer.softStr(value, budget)
            : FormatSpec.parse(spec).apply(value, budget);
    return escapes ? Markup.escape(shown, budget) : shown;
  }

  private Value value(String name) {
    int end = 0;
    while (end < name.length() && name.charAt(end) != '.' && name.charAt(end) != '[') {
      end++;
    }
    Value value = argument(name.substring(0, end));
    while (end < name.length()) {
      boolean isItem = name.charAt(end) == '[';
      int start = ++end;
      if (isItem) {
        end = name.indexOf(']', start);
        if (end < 0) {
          throw TemplateException.because("Missing ']' in format string");
        }
        Str key = Str.ofContext(name.substring(start, end++));
        value = Access.item(value, Access.pathParts(key, budget).getFirst(), budget);
      } else {
        while (end < name.length() && name.charAt(end) != '.' && name.charAt(end) != '[') {
          end++;
        }
        value = Access.attribute(value, name.substring(start, end), budget);
      }
    }
    return value;
  }

  private Value argument(String name) {
    List<Value> positional = arguments.positional();
    boolean isNumber = !name.isEmpty() && name.chars().allMatch(Character::isDigit);
    if (!name.isEmpty() && !isNumber) {
      Value value = arguments.keywords().get(name);
      if (value == null) {
        throw TemplateException.because("'" + name + "'");
      }
      return value;
    }
    long index =
        isNumber
            ? Numbers.parseInteger(name, 10).map(Numbers::clamp).orElse(Long.MAX_VALUE)
            : automatic++;
    if (index >= positional.size()) {
      throw TemplateException.because(
          "Replacement index " + index + " out of range for positional args tuple");
    }
    return positional.get((int) index);
  }
}
