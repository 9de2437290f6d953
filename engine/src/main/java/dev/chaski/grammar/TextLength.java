package dev.chaski.grammar;

import dev.chaski.grammar.Expression.Characters;
import dev.chaski.grammar.Expression.Choice;
import dev.chaski.grammar.Expression.Literal;
import dev.chaski.grammar.Expression.Reference;
import dev.chaski.grammar.Expression.Repeat;
import dev.chaski.grammar.Expression.Sequence;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * How many characters the texts of an expression without references have.
 *
 * @param min the fewest
 * @param max the most; {@link #UNLIMITED} if there is no limit
 */
record TextLength(long min, long max) {
  static final long UNLIMITED = Long.MAX_VALUE;
  private static final long LARGE = 1L << 40;

  static TextLength of(Expression expression) {
    return switch (expression) {
      case Literal(String text) -> exactly(text.codePointCount(0, text.length()));
      case Characters _ -> exactly(1);
      case Sequence(List<Expression> parts) -> {
        TextLength sum = exactly(0);
        for (Expression part : parts) {
          TextLength length = of(part);
          sum = new TextLength(limit(sum.min + length.min), add(sum.max, length.max));
        }
        yield sum;
      }
      case Choice(List<Expression> alternatives) -> {
        List<TextLength> lengths = alternatives.stream().map(TextLength::of).toList();
        yield new TextLength(
            lengths.stream().mapToLong(TextLength::min).min().orElse(0),
            lengths.stream().mapToLong(TextLength::max).max().orElse(0));
      }
      case Repeat(Expression part, int min, int max) -> {
        TextLength one = of(part);
        boolean open = one.max != 0 && (max == Repeat.UNBOUNDED || one.max == UNLIMITED);
        yield new TextLength(
            limit(one.min * min), open ? UNLIMITED : limit(one.max * Math.max(0, max)));
      }
      case Reference _ -> throw new IllegalArgumentException("references have no known length");
    };
  }

  private static TextLength exactly(long length) {
    return new TextLength(length, length);
  }

  private static long add(long a, long b) {
    return a == UNLIMITED || b == UNLIMITED ? UNLIMITED : limit(a + b);
  }

  private static long limit(long length) {
    return Math.min(length, LARGE);
  }

  /**
   * The texts of an expression that have {@code min} to {@code max} characters; empty if that is
   * not easily said. It is when all have, or when a single repetition makes the difference.
   */
  static Optional<Expression> within(Expression expression, long min, long max) {
    TextLength length = of(expression);
    if (length.min >= min && length.max <= max) {
      return Optional.of(expression);
    }
    return switch (expression) {
      case Repeat repeat when repeat.part() instanceof Characters ->
          Optional.of(clamp(repeat, min, max));
      case Sequence(List<Expression> parts) -> {
        List<Integer> variable = new ArrayList<>();
        long fixed = 0;
        for (int i = 0; i < parts.size(); i++) {
          TextLength part = of(parts.get(i));
          if (part.min == part.max) {
            fixed += part.min;
          } else {
            variable.add(i);
          }
        }
        if (variable.size() != 1) {
          yield Optional.empty();
        }
        List<Expression> clamped = new ArrayList<>(parts);
        int index = variable.getFirst();
        long rest = fixed;
        yield within(parts.get(index), min - rest, max == UNLIMITED ? max : max - rest)
            .map(part -> {
              clamped.set(index, part);
              return Expression.sequence(clamped);
            });
      }
      case Choice(List<Expression> alternatives) -> {
        List<Expression> kept = new ArrayList<>();
        for (Expression alternative : alternatives) {
          Optional<Expression> inside = within(alternative, min, max);
          if (inside.isEmpty()) {
            yield Optional.empty();
          }
          kept.add(inside.get());
        }
        yield Optional.of(Expression.choice(kept));
      }
      case Literal _, Characters _ -> Optional.of(Expression.never());
      case Repeat _, Reference _ -> Optional.empty();
    };
  }

  private static Expression clamp(Repeat repeat, long min, long max) {
    long from = Math.max(repeat.min(), min);
    long open = repeat.max() == Repeat.UNBOUNDED ? UNLIMITED : repeat.max();
    long to = Math.min(open, max);
    if (from > to || from > Integer.MAX_VALUE) {
      return Expression.never();
    }
    int last = to > Integer.MAX_VALUE ? Repeat.UNBOUNDED : (int) to;
    return Expression.repeat(repeat.part(), (int) from, last);
  }
}
