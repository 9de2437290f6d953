package dev.chaski.grammar;

import dev.chaski.grammar.Expression.Characters;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;

/**
 * The decimal numbers between two bounds as an expression: digit by digit, as long as the digits so
 * far are those of a bound, the next one must not go beyond it.
 */
final class DecimalRange {
  private final String low; // digits before and behind the point
  private final String high;
  private final boolean lowExcluded;
  private final boolean highExcluded;
  private final int lowInteger; // digits before the point
  private final int highInteger;
  private final int fraction; // digits behind the point at most
  private int integerDigits; // of the numbers being built

  private DecimalRange(Bound low, Bound high, int fraction) {
    this.fraction = fraction;
    this.low = digits(low.value(), fraction);
    this.high = digits(high.value(), fraction);
    this.lowExcluded = low.excluded();
    this.highExcluded = high.excluded();
    this.lowInteger = this.low.length() - fraction;
    this.highInteger = this.high.length() - fraction;
  }

  /** A bound, and whether it is itself outside. */
  record Bound(BigDecimal value, boolean excluded) {
    Bound negated() {
      return new Bound(value.negate(), excluded);
    }
  }

  /**
   * The numbers from {@code low} to {@code high}, which are of any sign.
   *
   * @param fraction digits behind the point at most; the bounds have no more
   */
  static Expression of(Bound low, Bound high, int fraction) {
    List<Expression> alternatives = new ArrayList<>();
    Bound zero = new Bound(BigDecimal.ZERO, false);
    Bound aboveZero = new Bound(BigDecimal.ZERO, true);
    if (low.value().signum() < 0) {
      Bound least = high.value().signum() < 0 ? high.negated() : aboveZero;
      alternatives.add(
          Expression.sequence(
              Expression.literal("-"), new DecimalRange(least, low.negated(), fraction).build()));
    }
    if (high.value().signum() >= 0) {
      Bound least = low.value().signum() < 0 ? zero : low;
      alternatives.add(new DecimalRange(least, high, fraction).build());
    }
    return Expression.choice(alternatives);
  }

  private static String digits(BigDecimal value, int fraction) {
    BigInteger scaled = value.setScale(fraction, RoundingMode.UNNECESSARY).unscaledValue();
    String digits = scaled.toString();
    return "0".repeat(Math.max(0, fraction + 1 - digits.length())) + digits;
  }

  private Expression build() {
    List<Expression> alternatives = new ArrayList<>();
    for (integerDigits = lowInteger; integerDigits <= highInteger; integerDigits++) {
      alternatives.add(from(0, integerDigits == lowInteger, integerDigits == highInteger));
    }
    return Expression.choice(alternatives);
  }

  /** What may follow {@code done} digits that are those of the low bound, the high one, or both. */
  private Expression from(int done, boolean atLow, boolean atHigh) {
    if (done < integerDigits) {
      return atLow || atHigh ? digit(done, atLow, atHigh) : free(done, integerDigits - done);
    }
    List<Expression> alternatives = new ArrayList<>();
    if (mayStop(done, atLow, atHigh)) {
      alternatives.add(Expression.empty());
    }
    if (done < integerDigits + fraction) {
      Expression more =
          atLow || atHigh
              ? digit(done, atLow, atHigh)
              : Expression.digits(1, integerDigits + fraction - done);
      alternatives.add(
          done == integerDigits ? Expression.sequence(Expression.literal("."), more) : more);
    }
    return Expression.choice(alternatives);
  }

  private Expression free(int done, int digits) {
    int first = done == 0 && digits > 1 ? '1' : '0';
    return Expression.sequence(
        new Characters(CodePoints.of(first, '9')),
        digits == 1 ? Expression.empty() : Expression.digits(digits - 1, digits - 1),
        from(integerDigits, false, false));
  }

  private Expression digit(int done, boolean atLow, boolean atHigh) {
    int least = done == 0 && integerDigits > 1 ? '1' : '0';
    int first = atLow ? low.charAt(done) : least;
    int last = atHigh ? high.charAt(done) : '9';
    List<Expression> alternatives = new ArrayList<>();
    if (atLow && first <= last) {
      alternatives.add(digit(first, first, from(done + 1, true, atHigh && first == last)));
    }
    int inside = atLow ? first + 1 : first;
    int insideLast = atHigh ? last - 1 : last;
    if (inside <= insideLast) {
      alternatives.add(digit(inside, insideLast, from(done + 1, false, false)));
    }
    if (atHigh && last >= inside) {
      alternatives.add(digit(last, last, from(done + 1, false, true)));
    }
    return Expression.choice(alternatives);
  }

  private static Expression digit(int first, int last, Expression rest) {
    return Expression.sequence(new Characters(CodePoints.of(first, last)), rest);
  }

  private boolean mayStop(int done, boolean atLow, boolean atHigh) {
    boolean enough = !atLow || (isZero(low, done) && !lowExcluded);
    boolean notTooMuch = !atHigh || !isZero(high, done) || !highExcluded;
    return enough && notTooMuch;
  }

  private static boolean isZero(String digits, int from) {
    return digits.substring(from).chars().allMatch(c -> c == '0');
  }
}
