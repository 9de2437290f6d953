package dev.chaski.chat.jinja;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.List;

/** Python's arithmetic, on numbers, strings and sequences. */
final class Operators {
  /** A binary operator. */
  enum Binary {
    /** Sum or concatenation. */
    ADD("+"),
    /** Difference. */
    SUBTRACT("-"),
    /** Product or repetition. */
    MULTIPLY("*"),
    /** True division, always a float. */
    DIVIDE("/"),
    /** Division rounded down. */
    FLOOR_DIVIDE("//"),
    /** Remainder with the divisor's sign, or formatting. */
    MODULO("%"),
    /** Power. */
    POWER("**");

    private final String symbol;

    Binary(String symbol) {
      this.symbol = symbol;
    }

    static Binary of(String symbol) {
      for (Binary operator : values()) {
        if (operator.symbol.equals(symbol)) {
          return operator;
        }
      }
      throw new AssertionError(symbol);
    }
  }

  /** Below this, a double holds an integer exactly. */
  private static final int EXACT_BITS = 53;

  private Operators() {}

  /** Fails if a value is undefined. */
  static void refuseUndefined(Value value, Budget budget) {
    if (value instanceof Value.Undefined undefined) {
      throw undefined.failure(budget);
    }
  }

  /** The value of {@code left operator right}. */
  static Value apply(Binary operator, Value left, Value right, Budget budget) {
    if (Numbers.isNumber(left) && Numbers.isNumber(right)) {
      return Numbers.isInteger(left) && Numbers.isInteger(right)
          ? integers(operator, Numbers.integer(left), Numbers.integer(right))
          : new Value.Real(reals(operator, Numbers.real(left), Numbers.real(right)));
    }
    if (operator == Binary.MODULO && left instanceof Str format) {
      return PercentFormat.format(format, right, budget);
    }
    refuseUndefined(left, budget);
    refuseUndefined(right, budget);
    if (operator == Binary.ADD) {
      return add(left, right, budget);
    }
    if (operator == Binary.MULTIPLY) {
      if (isSequence(left)) {
        return repeat(left, right, budget);
      }
      if (isSequence(right)) {
        return repeat(right, left, budget);
      }
    }
    throw unsupported(operator, left, right);
  }

  private static TemplateException unsupported(Binary operator, Value left, Value right) {
    return TemplateException.because(
        "unsupported operand type(s) for %s: '%s' and '%s'"
            .formatted(
                operator == Binary.POWER ? "** or pow()" : operator.symbol,
                left.typeName(),
                right.typeName()));
  }

  private static boolean isSequence(Value value) {
    return value instanceof Str || value instanceof Value.Sequence;
  }

  private static Value add(Value left, Value right, Budget budget) {
    if (left instanceof Str first && right instanceof Str second) {
      return Markup.concatenate(first, second, budget);
    }
    if (left instanceof Value.Sequence first
        && right instanceof Value.Sequence second
        && first.isTuple() == second.isTuple()) {
      budget.steps(first.items().size() + (long) second.items().size());
      List<Value> items = new ArrayList<>(first.items());
      items.addAll(second.items());
      return new Value.Sequence(items, first.isTuple());
    }
    if (isSequence(left) && !(left instanceof Str text && text.isMarkup())) {
      throw TemplateException.because(
          "can only concatenate %1$s (not \"%2$s\") to %1$s"
              .formatted(left.typeName(), right.typeName()));
    }
    throw unsupported(Binary.ADD, left, right);
  }

  private static Value repeat(Value sequence, Value count, Budget budget) {
    if (!Numbers.isInteger(count)) {
      throw TemplateException.because(
          "can't multiply sequence by non-int of type '" + count.typeName() + "'");
    }
    long times = Math.clamp(Numbers.clamp(Numbers.integer(count)), 0, Integer.MAX_VALUE);
    if (sequence instanceof Str string) {
      return string.times(times, budget).markedAs(string);
    }
    Value.Sequence list = (Value.Sequence) sequence;
    if (list.items().isEmpty()) {
      return list;
    }
    budget.steps(times * list.items().size());
    List<Value> items = new ArrayList<>();
    for (long i = 0; i < times; i++) {
      items.addAll(list.items());
    }
    return new Value.Sequence(items, list.isTuple());
  }

  private static Value integers(Binary operator, BigInteger a, BigInteger b) {
    return switch (operator) {
      case ADD -> new Value.Int(Budget.checked(a.add(b)));
      case SUBTRACT -> new Value.Int(Budget.checked(a.subtract(b)));
      case MULTIPLY -> {
        Budget.checkBits(a.bitLength() + (long) b.bitLength());
        yield new Value.Int(a.multiply(b));
      }
      case DIVIDE -> {
        requireNonZero(b.signum(), "division by zero");
        yield new Value.Real(divide(a, b));
      }
      case FLOOR_DIVIDE -> {
        requireNonZero(b.signum(), "integer division or modulo by zero");
        yield new Value.Int(a.subtract(floorMod(a, b)).divide(b));
      }
      case MODULO -> {
        requireNonZero(b.signum(), "integer modulo by zero");
        yield new Value.Int(floorMod(a, b));
      }
      case POWER -> power(a, b);
    };
  }

  private static BigInteger floorMod(BigInteger a, BigInteger b) {
    BigInteger remainder = a.mod(b.abs());
    return b.signum() < 0 && remainder.signum() != 0 ? remainder.add(b) : remainder;
  }

  private static double divide(BigInteger a, BigInteger b) {
    return a.bitLength() <= EXACT_BITS && b.bitLength() <= EXACT_BITS
        ? a.doubleValue() / b.doubleValue()
        : new BigDecimal(a).divide(new BigDecimal(b), MathContext.DECIMAL128).doubleValue();
  }

  private static Value power(BigInteger base, BigInteger exponent) {
    if (exponent.signum() < 0) {
      return new Value.Real(reals(Binary.POWER, base.doubleValue(), exponent.doubleValue()));
    }
    long bits = base.abs().bitLength();
    if (bits > 1) {
      Budget.checkBits(bits * Math.min(Numbers.clamp(exponent), Budget.MAX_INTEGER_BITS + 1L));
      return new Value.Int(base.pow(exponent.intValue()));
    }
    // -1, 0 and 1 take any exponent: only whether it is 0, odd or even matters.
    boolean evenAndPositive = exponent.signum() > 0 && !exponent.testBit(0);
    return new Value.Int(base.pow(evenAndPositive ? 2 : exponent.signum()));
  }

  private static double reals(Binary operator, double a, double b) {
    return switch (operator) {
      case ADD -> a + b;
      case SUBTRACT -> a - b;
      case MULTIPLY -> a * b;
      case DIVIDE -> {
        requireNonZero(b, "float division by zero");
        yield a / b;
      }
      case FLOOR_DIVIDE -> {
        requireNonZero(b, "float floor division by zero");
        double quotient = (a - floorMod(a, b)) / b;
        double floor = Math.floor(quotient);
        yield quotient - floor > 0.5 ? floor + 1 : floor;
      }
      case MODULO -> {
        requireNonZero(b, "float modulo");
        yield floorMod(a, b);
      }
      case POWER -> {
        if (a == 0 && b < 0) {
          throw TemplateException.because("0.0 cannot be raised to a negative power");
        }
        double power = Math.pow(a, b);
        if (Double.isNaN(power) && !Double.isNaN(a) && !Double.isNaN(b)) {
          throw TemplateException.because("complex numbers are not supported");
        }
        if (Double.isInfinite(power) && Double.isFinite(a) && Double.isFinite(b)) {
          throw TemplateException.because("(34, 'Numerical result out of range')");
        }
        yield power;
      }
    };
  }

  private static double floorMod(double a, double b) {
    double remainder = a % b;
    if (remainder == 0) {
      return Math.copySign(0.0, b);
    }
    return remainder < 0 != b < 0 ? remainder + b : remainder;
  }

  private static void requireNonZero(double divisor, String failure) {
    if (divisor == 0) {
      throw TemplateException.because(failure);
    }
  }

  /** {@code -value} or {@code +value}. */
  static Value sign(Value value, boolean negative, Budget budget) {
    refuseUndefined(value, budget);
    if (Numbers.isInteger(value)) {
      BigInteger number = Numbers.integer(value);
      return new Value.Int(negative ? number.negate() : number);
    }
    if (value instanceof Value.Real number) {
      return negative ? new Value.Real(-number.value()) : number;
    }
    throw TemplateException.because(
        "bad operand type for unary %s: '%s'".formatted(negative ? "-" : "+", value.typeName()));
  }
}
