package dev.chaski.chat.jinja;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Optional;
import java.util.OptionalDouble;

/** Numbers as Python reads, rounds and prints them. */
final class Numbers {
  /** Digits that Python itself agrees to convert. */
  private static final int MAX_DIGITS = 4300;

  /** {@code repr} of a float has an exponent from here on ... */
  private static final int FIRST_LARGE_EXPONENT = 16;

  /** ... and below here. */
  private static final int LAST_SMALL_EXPONENT = -4;

  private static final BigInteger MAX_LONG = BigInteger.valueOf(Long.MAX_VALUE);
  private static final BigInteger MIN_LONG = BigInteger.valueOf(Long.MIN_VALUE);

  private Numbers() {}

  static boolean isNumber(Value value) {
    return value instanceof Value.Bool || isIntOrReal(value);
  }

  private static boolean isIntOrReal(Value value) {
    return value instanceof Value.Int || value instanceof Value.Real;
  }

  /** Whether a value is an {@code int} to Python: an integer or a bool. */
  static boolean isInteger(Value value) {
    return value instanceof Value.Bool || value instanceof Value.Int;
  }

  /** The value of an {@link #isInteger integer}. */
  static BigInteger integer(Value value) {
    return value instanceof Value.Bool bool
        ? BigInteger.valueOf(bool.asInt())
        : ((Value.Int) value).value();
  }

  /** The value of a {@link #isNumber number}; beyond the range of a double, an infinity. */
  static double real(Value value) {
    return value instanceof Value.Real number ? number.value() : integer(value).doubleValue();
  }

  /** The nearest {@code long}. */
  static long clamp(BigInteger value) {
    return value.min(MAX_LONG).max(MIN_LONG).longValue();
  }

  /** Order of two numbers, neither of them NaN; exact, as in Python, even between int and float. */
  static int compare(Value left, Value right) {
    if (isInteger(left) && isInteger(right)) {
      return integer(left).compareTo(integer(right));
    }
    double a = real(left);
    double b = real(right);
    if (Double.isInfinite(a) || Double.isInfinite(b) || !(isInteger(left) || isInteger(right))) {
      return a < b ? -1 : a > b ? 1 : 0;
    }
    return exact(left).compareTo(exact(right));
  }

  private static BigDecimal exact(Value value) {
    return value instanceof Value.Real number
        ? new BigDecimal(number.value())
        : new BigDecimal(integer(value));
  }

  static boolean isNaN(Value value) {
    return value instanceof Value.Real number && Double.isNaN(number.value());
  }

  /** {@code repr(float)}: the shortest digits that give the same float back. */
  static String repr(double value) {
    if (Double.isNaN(value)) {
      return "nan";
    }
    if (Double.isInfinite(value)) {
      return value > 0 ? "inf" : "-inf";
    }
    String sign = Double.doubleToRawLongBits(value) < 0 ? "-" : "";
    if (value == 0) {
      return sign + "0.0";
    }
    BigDecimal shortest = shortest(Math.abs(value));
    int exponent = shortest.precision() - shortest.scale() - 1;
    if (exponent >= LAST_SMALL_EXPONENT && exponent < FIRST_LARGE_EXPONENT) {
      String plain = shortest.toPlainString();
      return sign + plain + (plain.indexOf('.') < 0 ? ".0" : "");
    }
    return sign + scientific(shortest, exponent, "e");
  }

  /** Java always writes two digits, even where (among subnormals) one would do. */
  private static BigDecimal shortest(double magnitude) {
    BigDecimal digits = new BigDecimal(Double.toString(magnitude)).stripTrailingZeros();
    BigDecimal oneDigit = digits.round(new MathContext(1, RoundingMode.HALF_EVEN));
    return oneDigit.doubleValue() == magnitude ? oneDigit.stripTrailingZeros() : digits;
  }

  /** Digits with one before the point, and an exponent of at least two digits. */
  static String scientific(BigDecimal magnitude, int exponent, String e) {
    String digits = magnitude.unscaledValue().toString();
    String fraction = digits.length() > 1 ? "." + digits.substring(1) : "";
    String sign = exponent < 0 ? "-" : "+";
    String power = Integer.toString(Math.abs(exponent));
    return digits.charAt(0) + fraction + e + sign + (power.length() < 2 ? "0" : "") + power;
  }

  /** {@code round(float, digits)}: to the nearest, exact halves to even. */
  static double round(double value, long digits) {
    if (!Double.isFinite(value) || digits > 330) {
      return value;
    }
    if (digits < -330) {
      return Math.copySign(0.0, value);
    }
    double rounded =
        new BigDecimal(value).setScale((int) digits, RoundingMode.HALF_EVEN).doubleValue();
    return Math.copySign(rounded, value);
  }

  /** {@code int(text, base)}, if the text is such a number. */
  static Optional<BigInteger> parseInteger(String text, int base) {
    String trimmed = PythonText.strip(text);
    int start = !trimmed.isEmpty() && "+-".indexOf(trimmed.charAt(0)) >= 0 ? 1 : 0;
    int radix = base == 0 ? 10 : base;
    if (trimmed.length() >= start + 2 && trimmed.charAt(start) == '0') {
      int prefixed =
          switch (trimmed.charAt(start + 1)) {
            case 'x', 'X' -> 16;
            case 'o', 'O' -> 8;
            case 'b', 'B' -> 2;
            default -> 0;
          };
      if (prefixed != 0 && (base == 0 || base == prefixed)) {
        radix = prefixed;
        start += 2;
        start += start < trimmed.length() && trimmed.charAt(start) == '_' ? 1 : 0;
      }
    }
    String digits = digits(trimmed, start, trimmed.length(), radix);
    if (digits.isEmpty() || digits.length() > MAX_DIGITS) {
      return Optional.empty();
    }
    BigInteger magnitude = new BigInteger(digits, radix);
    return Optional.of(trimmed.charAt(0) == '-' ? magnitude.negate() : magnitude);
  }

  /** The digits between two offsets without single underscores; empty if they are not digits. */
  private static String digits(String text, int begin, int end, int radix) {
    StringBuilder digits = new StringBuilder();
    boolean digitBefore = false;
    for (int i = begin; i < end; i++) {
      int digit = Character.digit(text.charAt(i), radix);
      if (digit >= 0) {
        digits.append(Character.forDigit(digit, radix));
      } else if (text.charAt(i) != '_' || !digitBefore) {
        return "";
      }
      digitBefore = digit >= 0;
    }
    return digitBefore ? digits.toString() : "";
  }

  /** {@code float(text)}, if the text is such a number. */
  static OptionalDouble parseReal(String text) {
    String trimmed = PythonText.strip(text);
    int start = !trimmed.isEmpty() && "+-".indexOf(trimmed.charAt(0)) >= 0 ? 1 : 0;
    double sign = start == 1 && trimmed.charAt(0) == '-' ? -1 : 1;
    String magnitude = trimmed.substring(start);
    if (magnitude.equalsIgnoreCase("inf") || magnitude.equalsIgnoreCase("infinity")) {
      return OptionalDouble.of(sign * Double.POSITIVE_INFINITY);
    }
    if (magnitude.equalsIgnoreCase("nan")) {
      return OptionalDouble.of(Double.NaN);
    }
    int exponentMark = Math.max(magnitude.indexOf('e'), magnitude.indexOf('E'));
    int mantissaEnd = exponentMark < 0 ? magnitude.length() : exponentMark;
    int point = magnitude.lastIndexOf('.', mantissaEnd);
    int wholeEnd = point < 0 ? mantissaEnd : point;
    String whole = digits(magnitude, 0, wholeEnd, 10);
    String fraction = point < 0 ? "" : digits(magnitude, point + 1, mantissaEnd, 10);
    boolean wholeBad = whole.isEmpty() && wholeEnd > 0;
    boolean fractionBad = point >= 0 && fraction.isEmpty() && point + 1 < mantissaEnd;
    if (wholeBad || fractionBad || (whole.isEmpty() && fraction.isEmpty())) {
      return OptionalDouble.empty();
    }
    String exponent = "0";
    if (exponentMark >= 0) {
      int begin = exponentMark + 1;
      boolean signed = begin < magnitude.length() && "+-".indexOf(magnitude.charAt(begin)) >= 0;
      String power = digits(magnitude, begin + (signed ? 1 : 0), magnitude.length(), 10);
      if (power.isEmpty()) {
        return OptionalDouble.empty();
      }
      exponent = (signed ? magnitude.substring(begin, begin + 1) : "") + power;
    }
    return OptionalDouble.of(
        sign * Double.parseDouble("0" + whole + "." + fraction + "0e" + exponent));
  }
}
