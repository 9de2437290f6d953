package dev.chaski.chat.jinja;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.List;

/** {@code "%s: %d" % values}: printf-style formatting. */
final class PercentFormat {
  private final Str format;
  private final Value values;
  private final Budget budget;
  private final StrBuilder out;
  private int offset;
  private int used;

  private PercentFormat(Str format, Value values, Budget budget) {
    this.format = format;
    this.values = values;
    this.budget = budget;
    this.out = new StrBuilder(budget);
  }

  /** {@code format % values}. */
  static Str format(Str format, Value values, Budget budget) {
    return new PercentFormat(format, values, budget).run();
  }

  private Str run() {
    String text = format.text();
    while (true) {
      int percent = PythonText.find(text, "%", offset, budget);
      out.append(format, offset, percent < 0 ? text.length() : percent);
      if (percent < 0) {
        break;
      }
      offset = percent + 1;
      conversion();
    }
    boolean takesLeftovers = values instanceof Dict || values instanceof Value.Undefined;
    if (!takesLeftovers && used < (isTuple() ? tuple().size() : 1)) {
      throw TemplateException.because("not all arguments converted during string formatting");
    }
    return out.toStr().markedAs(format);
  }

  private void conversion() {
    Value value = null;
    if (peek() == '(') {
      int close = format.text().indexOf(')', offset);
      if (close < 0) {
        throw TemplateException.because("incomplete format key");
      }
      value = named(format.slice(offset + 1, close, budget));
      offset = close + 1;
    }
    String flags = "";
    while ("#0- +".indexOf(peek()) >= 0) {
      char flag = next();
      flags += flags.indexOf(flag) < 0 ? flag : "";
    }
    int width = number();
    int precision = -1;
    if (peek() == '.') {
      offset++;
      precision = number();
    }
    while ("hlL".indexOf(peek()) >= 0) {
      offset++;
    }
    char type = next();
    if (type == '%') {
      out.append("%", format.isFromTemplate(offset - 1));
      return;
    }
    pad(converted(value == null ? nextValue() : value, type, precision, flags), width, flags, type);
  }

  private char peek() {
    if (offset >= format.text().length()) {
      throw TemplateException.because("incomplete format");
    }
    return format.text().charAt(offset);
  }

  private char next() {
    char c = peek();
    offset++;
    return c;
  }

  private int number() {
    if (peek() == '*') {
      offset++;
      return Math.clamp(Arguments.integer(nextValue(), 0), 0, Integer.MAX_VALUE);
    }
    long number = 0;
    while (Character.isDigit(peek())) {
      number = Math.min(number * 10 + Character.digit(next(), 10), Integer.MAX_VALUE);
    }
    return (int) number;
  }

  private Value named(Str key) {
    if (!(values instanceof Dict dict)) {
      throw TemplateException.because("format requires a mapping");
    }
    Value value = dict.get(key, budget);
    if (value == null) {
      throw TemplateException.because(Printer.repr(key, budget).text());
    }
    return value;
  }

  private boolean isTuple() {
    return values instanceof Value.Sequence sequence && sequence.isTuple();
  }

  private List<Value> tuple() {
    return ((Value.Sequence) values).items();
  }

  private Value nextValue() {
    int index = used++;
    if (index >= (isTuple() ? tuple().size() : 1)) {
      throw TemplateException.because("not enough arguments for format string");
    }
    return isTuple() ? tuple().get(index) : values;
  }

  private Str converted(Value value, char type, int precision, String flags) {
    return switch (type) {
      case 's', 'r', 'a' -> {
        Str text = type == 's' ? Printer.softStr(value, budget) : Printer.repr(value, budget);
        text = format.isMarkup() ? Markup.escape(text, budget) : text;
        boolean cut = precision >= 0 && precision < text.length();
        yield cut ? text.slice(0, text.offsetOf(precision, budget), budget) : text;
      }
      case 'c' -> {
        if (value instanceof Str character && character.length() == 1) {
          yield character;
        }
        long code = Arguments.integer(value, 0);
        if (code < 0 || code > Character.MAX_CODE_POINT) {
          throw TemplateException.because("%c arg not in range(0x110000)");
        }
        yield Str.ofContext(Character.toString((int) code));
      }
      case 'd', 'i', 'u' -> {
        BigInteger number = integer(value, type);
        yield signed(number.signum() < 0, NumberFormat.integer(number, 'd'), flags);
      }
      case 'o', 'x', 'X' -> {
        if (!Numbers.isInteger(value)) {
          throw wrongType(type, "an integer", value);
        }
        BigInteger number = Numbers.integer(value);
        String prefix = flags.contains("#") ? "0" + type : "";
        yield signed(number.signum() < 0, prefix + NumberFormat.integer(number, type), flags);
      }
      case 'e', 'E', 'f', 'F', 'g', 'G' -> {
        if (!Numbers.isNumber(value)) {
          throw TemplateException.because("must be real number, not " + value.typeName());
        }
        double number = Numbers.real(value);
        boolean negative = Double.doubleToRawLongBits(number) < 0 && !Double.isNaN(number);
        yield signed(negative, NumberFormat.real(number, type, precision), flags);
      }
      default ->
          throw TemplateException.because(
              "unsupported format character '%c' (0x%x) at index %d"
                  .formatted(type, (int) type, offset - 1));
    };
  }

  private static BigInteger integer(Value value, char type) {
    if (value instanceof Value.Real number && Double.isFinite(number.value())) {
      return new BigDecimal(number.value()).toBigInteger();
    }
    if (!Numbers.isInteger(value)) {
      throw wrongType(type, "a real number", value);
    }
    return Numbers.integer(value);
  }

  private static TemplateException wrongType(char type, String wanted, Value value) {
    return TemplateException.because(
        "%" + type + " format: " + wanted + " is required, not " + value.typeName());
  }

  private static Str signed(boolean negative, String magnitude, String flags) {
    String sign = negative ? "-" : flags.contains("+") ? "+" : flags.contains(" ") ? " " : "";
    return Str.ofContext(sign + magnitude);
  }

  private void pad(Str text, int width, String flags, char type) {
    if (flags.contains("-")) {
      out.append(
          StringOperations.pad(
              text, width, Str.ofTemplate(" "), StringOperations.Align.LEFT, budget));
    } else if (flags.contains("0") && "sracC".indexOf(type) < 0) {
      out.append(StringOperations.zeroFill(text, width, budget));
    } else {
      out.append(
          StringOperations.pad(
              text, width, Str.ofTemplate(" "), StringOperations.Align.RIGHT, budget));
    }
  }
}
