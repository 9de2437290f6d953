package dev.chaski.chat.jinja;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Locale;

/** Numbers in the formats of C's and Python's format strings. */
final class NumberFormat {
  /** Digits enough for every double, and few enough to be quick. */
  private static final int MAX_PRECISION = 1100;

  private static final int DEFAULT_PRECISION = 6;

  private NumberFormat() {}

  /**
   * The magnitude of a float, without its sign.
   *
   * @param type one of {@code e E f F g G}
   * @param precision digits, or -1 for the default
   */
  static String real(double value, char type, int precision) {
    if (Double.isNaN(value) || Double.isInfinite(value)) {
      String name = Double.isNaN(value) ? "nan" : "inf";
      return Character.isUpperCase(type) ? name.toUpperCase(Locale.ROOT) : name;
    }
    int digits = precision < 0 ? DEFAULT_PRECISION : checked(precision);
    BigDecimal magnitude = new BigDecimal(value).abs();
    return switch (type) {
      case 'f', 'F' -> magnitude.setScale(digits, RoundingMode.HALF_EVEN).toPlainString();
      case 'e', 'E' -> exponential(magnitude, digits, type);
      default -> general(magnitude, Math.max(digits, 1), type == 'G' ? 'E' : 'e');
    };
  }

  private static int checked(int precision) {
    if (precision > MAX_PRECISION) {
      throw TemplateException.because("precision too big");
    }
    return precision;
  }

  private static String exponential(BigDecimal magnitude, int digits, char type) {
    if (magnitude.signum() == 0) {
      String zeros = digits == 0 ? "0" : "0." + "0".repeat(digits);
      return zeros + type + "+00";
    }
    BigDecimal rounded = magnitude.round(new MathContext(digits + 1, RoundingMode.HALF_EVEN));
    rounded = rounded.setScale(rounded.scale() + digits + 1 - rounded.precision());
    return Numbers.scientific(
        rounded, rounded.precision() - rounded.scale() - 1, String.valueOf(type));
  }

  private static String general(BigDecimal magnitude, int digits, char e) {
    if (magnitude.signum() == 0) {
      return "0";
    }
    BigDecimal rounded =
        magnitude.round(new MathContext(digits, RoundingMode.HALF_EVEN)).stripTrailingZeros();
    int exponent = rounded.precision() - rounded.scale() - 1;
    return exponent < -4 || exponent >= digits
        ? Numbers.scientific(rounded, exponent, String.valueOf(e))
        : rounded.toPlainString();
  }

  /**
   * The magnitude of an integer, without its sign.
   *
   * @param type one of {@code d o x X b}
   */
  static String integer(BigInteger value, char type) {
    BigInteger magnitude = value.abs();
    return switch (type) {
      case 'x' -> magnitude.toString(16);
      case 'X' -> magnitude.toString(16).toUpperCase(Locale.ROOT);
      case 'o' -> magnitude.toString(8);
      case 'b' -> magnitude.toString(2);
      default -> magnitude.toString();
    };
  }

  /** {@code digits} with a separator between groups of three before the point. */
  static String grouped(String digits, char separator) {
    int end = 0;
    while (end < digits.length() && Character.isDigit(digits.charAt(end))) {
      end++;
    }
    StringBuilder grouped = new StringBuilder(digits);
    for (int i = end - 3; i > 0; i -= 3) {
      grouped.insert(i, separator);
    }
    return grouped.toString();
  }
}
