package dev.chaski.chat.jinja;

import java.math.BigInteger;

/**
 * What stands after the colon of a replacement field: fill, alignment, sign, width, grouping,
 * precision and type.
 *
 * @param align one of {@code < > ^ =}, or 0 for the type's own
 * @param sign one of {@code + - space}
 * @param grouping {@code ,} or {@code _}, or 0
 * @param precision -1 if not given
 * @param type 0 if not given
 */
record FormatSpec(
    Str fill,
    char align,
    char sign,
    boolean alternate,
    int width,
    char grouping,
    int precision,
    char type) {

  static FormatSpec parse(Str spec) {
    return new Parser(spec).parse();
  }

  /** {@code format(value, spec)}. */
  Str apply(Value value, Budget budget) {
    if (Numbers.isNumber(value) && !(value instanceof Value.Bool && type == 0)) {
      return number(value, budget);
    }
    if ("s\0".indexOf(type) < 0 || align == '=') {
      throw TemplateException.because(
          "Unknown format code '" + type + "' for object of type '" + value.typeName() + "'");
    }
    if (!(value instanceof Str || value instanceof Value.Bool)) {
      throw TemplateException.because(
          "unsupported format string passed to " + value.typeName() + ".__format__");
    }
    Str text = Printer.str(value, budget);
    if (precision >= 0 && precision < text.length()) {
      text = text.slice(0, text.offsetOf(precision, budget), budget);
    }
    return padded(text, align == 0 ? '<' : align, budget);
  }

  private Str number(Value value, Budget budget) {
    boolean isInteger = Numbers.isInteger(value) && "dxXob\0c".indexOf(type) >= 0;
    boolean negative;
    String magnitude;
    if (isInteger) {
      BigInteger number = Numbers.integer(value);
      negative = number.signum() < 0;
      String prefix = alternate && "xXob".indexOf(type) >= 0 ? "0" + type : "";
      magnitude = prefix + NumberFormat.integer(number, type);
    } else if ("eEfFgG%\0n".indexOf(type) >= 0) {
      double number = Numbers.real(value);
      negative = Double.doubleToRawLongBits(number) < 0 && !Double.isNaN(number);
      magnitude = real(Math.abs(number));
    } else {
      throw TemplateException.because(
          "Unknown format code '" + type + "' for object of type '" + value.typeName() + "'");
    }
    if (grouping != 0) {
      magnitude = NumberFormat.grouped(magnitude, grouping);
    }
    String shown = (negative ? "-" : sign == '-' ? "" : String.valueOf(sign)) + magnitude;
    if (align == '=') {
      return StringOperations.zeroFill(Str.ofContext(shown), width, budget);
    }
    return padded(Str.ofContext(shown), align == 0 ? '>' : align, budget);
  }

  private String real(double magnitude) {
    return switch (type) {
      case 0 ->
          precision < 0 ? Numbers.repr(magnitude) : NumberFormat.real(magnitude, 'g', precision);
      case '%' -> NumberFormat.real(magnitude * 100, 'f', precision) + "%";
      case 'n' -> NumberFormat.real(magnitude, 'g', precision);
      default -> NumberFormat.real(magnitude, type, precision);
    };
  }

  private Str padded(Str text, char alignment, Budget budget) {
    long padding = (long) width - text.length();
    if (alignment == '^' && padding > 0) {
      // format() centres leaning left, unlike str.center().
      Str left = fill.times(padding / 2, budget);
      Str right = fill.times(padding - padding / 2, budget);
      return left.plus(text, budget).plus(right, budget);
    }
    return StringOperations.pad(
        text,
        width,
        fill,
        alignment == '<' ? StringOperations.Align.LEFT : StringOperations.Align.RIGHT,
        budget);
  }

  /** Reads a specification from left to right. */
  private static final class Parser {
    private final Str spec;
    private final String text;
    private int offset;

    Parser(Str spec) {
      this.spec = spec;
      this.text = spec.text();
    }

    FormatSpec parse() {
      Str fill = Str.ofTemplate(" ");
      char align = 0;
      int first = text.isEmpty() ? 0 : Character.charCount(text.codePointAt(0));
      if (first < text.length() && "<>=^".indexOf(text.charAt(first)) >= 0) {
        boolean fromTemplate = spec.isFromTemplate(0);
        String character = text.substring(0, first);
        fill = fromTemplate ? Str.ofTemplate(character) : Str.ofContext(character);
        align = text.charAt(first);
        offset = first + 1;
      } else {
        align = oneOf("<>=^");
      }
      char sign = oneOf("+- ");
      boolean alternate = oneOf("#") != 0;
      if (oneOf("0") != 0 && align == 0) {
        fill = Str.ofTemplate("0");
        align = '=';
      }
      int width = Math.max(number(), 0);
      char grouping = oneOf(",_");
      int precision = oneOf(".") == 0 ? -1 : number();
      char type = offset < text.length() ? text.charAt(offset++) : 0;
      if (offset < text.length()) {
        throw TemplateException.because("Invalid format specifier");
      }
      return new FormatSpec(
          fill, align, sign == 0 ? '-' : sign, alternate, width, grouping, precision, type);
    }

    private char oneOf(String choices) {
      boolean there = offset < text.length() && choices.indexOf(text.charAt(offset)) >= 0;
      return there ? text.charAt(offset++) : 0;
    }

    /** A number, or -1 if none stands here. */
    private int number() {
      long number = -1;
      while (offset < text.length() && Character.isDigit(text.charAt(offset))) {
        int digit = Character.digit(text.charAt(offset++), 10);
        number = Math.min(Math.max(number, 0) * 10 + digit, Integer.MAX_VALUE);
      }
      return (int) number;
    }
  }
}
