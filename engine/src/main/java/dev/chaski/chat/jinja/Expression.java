package dev.chaski.chat.jinja;

import java.util.List;
import java.util.Optional;

/** What can be evaluated to a {@link Value}. */
sealed interface Expression {

  /** A value written out; also the undefined value of an {@code if} without {@code else}. */
  record Literal(Value value) implements Expression {}

  /** A variable. */
  record Name(String name) implements Expression {}

  /** {@code [a, b]} or {@code (a, b)}. */
  record SequenceLiteral(List<Expression> items, boolean isTuple) implements Expression {}

  /** {@code {a: b}}. */
  record DictLiteral(List<Pair> pairs) implements Expression {}

  /** One entry of a {@link DictLiteral}. */
  record Pair(Expression key, Expression value) {}

  /** {@code owner.name}. */
  record Attribute(Expression owner, String name) implements Expression {}

  /** {@code owner[key]}. */
  record Item(Expression owner, Expression key) implements Expression {}

  /** {@code owner[start:stop:step]}; the literal None for what is left out. */
  record Slice(Expression owner, Expression start, Expression stop, Expression step)
      implements Expression {}

  /** {@code callee(arguments)}. */
  record Call(Expression callee, CallArguments arguments) implements Expression {}

  /** {@code input|filter}. */
  record Filter(Expression input, FilterCall filter) implements Expression {}

  /** {@code subject is name(arguments)}. */
  record Test(Expression subject, String name, CallArguments arguments) implements Expression {}

  /** {@code -operand} or {@code +operand}. */
  record Sign(Expression operand, boolean negative) implements Expression {}

  /** {@code not operand}. */
  record Not(Expression operand) implements Expression {}

  /** Arithmetic. */
  record Binary(Operators.Binary operator, Expression left, Expression right)
      implements Expression {}

  /** {@code a and b and c}, or the same with {@code or}. */
  record Logical(List<Expression> operands, boolean isAnd) implements Expression {}

  /** {@code a ~ b ~ c}. */
  record Concatenation(List<Expression> operands) implements Expression {}

  /** {@code first < b <= c}: each operand is compared with the one before. */
  record Comparison(Expression first, List<Comparand> rest) implements Expression {}

  /** An operator of a {@link Comparison} and the operand after it. */
  record Comparand(Comparator comparator, Expression operand) {}

  /** {@code value if condition else otherwise}. */
  record Conditional(Expression condition, Expression value, Expression otherwise)
      implements Expression {}

  /** The operators of a {@link Comparison}. */
  enum Comparator {
    /** {@code ==}. */
    EQUAL,
    /** {@code !=}. */
    NOT_EQUAL,
    /** {@code <}. */
    LESS,
    /** {@code <=}. */
    LESS_OR_EQUAL,
    /** {@code >}. */
    GREATER,
    /** {@code >=}. */
    GREATER_OR_EQUAL,
    /** {@code in}. */
    IN,
    /** {@code not in}. */
    NOT_IN
  }

  /** A filter and its arguments, still without input. */
  record FilterCall(String name, CallArguments arguments) {}

  /** {@code name=value} in a call. */
  record Keyword(String name, Expression value) {}

  /**
   * The arguments of a call as written.
   *
   * @param rest what stands after {@code *}
   * @param keywordRest what stands after {@code **}
   */
  record CallArguments(
      List<Expression> positional,
      List<Keyword> keywords,
      Optional<Expression> rest,
      Optional<Expression> keywordRest) {
    static final CallArguments NONE =
        new CallArguments(List.of(), List.of(), Optional.empty(), Optional.empty());

    boolean isEmpty() {
      return positional.isEmpty() && keywords.isEmpty() && rest.isEmpty() && keywordRest.isEmpty();
    }
  }
}
