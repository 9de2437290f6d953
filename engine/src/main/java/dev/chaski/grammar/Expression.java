package dev.chaski.grammar;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** What a rule of a grammar stands for. Immutable; rules are named by their index. */
sealed interface Expression {
  /** This text; no unpaired surrogates. */
  record Literal(String text) implements Expression {
    byte[] utf8() {
      return text.getBytes(StandardCharsets.UTF_8);
    }
  }

  /** One character of a set. */
  record Characters(CodePoints set) implements Expression {}

  /** One after the other. */
  record Sequence(List<Expression> parts) implements Expression {
    public Sequence {
      parts = List.copyOf(parts);
    }
  }

  /** Any one of them. */
  record Choice(List<Expression> alternatives) implements Expression {
    public Choice {
      alternatives = List.copyOf(alternatives);
    }
  }

  /** {@code min} to {@code max} times in a row; {@link #UNBOUNDED} for no limit. */
  record Repeat(Expression part, int min, int max) implements Expression {
    static final int UNBOUNDED = -1;

    /** How often the part has to be spelled out. */
    int copies() {
      return max == UNBOUNDED ? min + 1 : max;
    }
  }

  /** What the rule of this index stands for. */
  record Reference(int rule) implements Expression {}

  /** No text at all: the empty sequence. */
  static Expression empty() {
    return new Sequence(List.of());
  }

  /** Matches nothing, not even the empty text: a choice without alternatives. */
  static Expression never() {
    return new Choice(List.of());
  }

  static Expression literal(String text) {
    return text.isEmpty() ? empty() : new Literal(text);
  }

  static Expression sequence(Expression... parts) {
    return sequence(List.of(parts));
  }

  static Expression sequence(List<Expression> parts) {
    return parts.size() == 1 ? parts.getFirst() : new Sequence(parts);
  }

  static Expression choice(Expression... alternatives) {
    return choice(List.of(alternatives));
  }

  static Expression choice(List<Expression> alternatives) {
    return alternatives.size() == 1 ? alternatives.getFirst() : new Choice(alternatives);
  }

  static Expression optional(Expression part) {
    return repeat(part, 0, 1);
  }

  static Expression repeat(Expression part, int min, int max) {
    if (max == 0) {
      return empty();
    }
    return min == 1 && max == 1 ? part : new Repeat(part, min, max);
  }

  static Expression characters(String members) {
    return new Characters(CodePoints.of(members));
  }

  static Expression digits(int min, int max) {
    return repeat(new Characters(CodePoints.of('0', '9')), min, max);
  }

  /** The same with other rule indices: {@code offset} is added to each. */
  default Expression shifted(int offset) {
    return switch (this) {
      case Literal _, Characters _ -> this;
      case Sequence(List<Expression> parts) -> new Sequence(shiftAll(parts, offset));
      case Choice(List<Expression> alternatives) -> new Choice(shiftAll(alternatives, offset));
      case Repeat(Expression part, int min, int max) -> new Repeat(part.shifted(offset), min, max);
      case Reference(int rule) -> new Reference(rule + offset);
    };
  }

  private static List<Expression> shiftAll(List<Expression> expressions, int offset) {
    List<Expression> shifted = new ArrayList<>(expressions.size());
    expressions.forEach(expression -> shifted.add(expression.shifted(offset)));
    return shifted;
  }
}
