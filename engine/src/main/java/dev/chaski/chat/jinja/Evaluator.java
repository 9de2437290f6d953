package dev.chaski.chat.jinja;

import dev.chaski.chat.jinja.Expression.CallArguments;
import dev.chaski.chat.jinja.Expression.Comparand;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Evaluates expressions. Also what filters, tests and functions call back. */
final class Evaluator {
  private final Budget budget;

  Evaluator(Budget budget) {
    this.budget = budget;
  }

  Budget budget() {
    return budget;
  }

  Value evaluate(Expression expression, Scope scope) {
    budget.step();
    budget.enter();
    Value value =
        switch (expression) {
          case Expression.Literal(Value literal) -> literal;
          case Expression.Name(String name) -> scope.get(name);
          case Expression.Attribute(Expression owner, String name) ->
              Access.attribute(evaluate(owner, scope), name, budget);
          case Expression.Item(Expression owner, Expression key) ->
              Access.item(evaluate(owner, scope), evaluate(key, scope), budget);
          case Expression.Slice slice -> slice(slice, scope);
          case Expression.Call call ->
              call(evaluate(call.callee(), scope), arguments(call.arguments(), scope));
          case Expression.Filter(Expression input, Expression.FilterCall filter) ->
              filter(evaluate(input, scope), filter, scope);
          case Expression.Test test ->
              Value.Bool.of(
                  Tests.named(test.name())
                      .test(
                          evaluate(test.subject(), scope),
                          arguments(test.arguments(), scope),
                          this));
          case Expression.Binary binary -> binary(binary, scope);
          case Expression.Concatenation concatenation -> concatenate(concatenation, scope);
          case Expression.Logical logical -> logical(logical, scope);
          case Expression.Not(Expression operand) ->
              Value.Bool.of(!Value.isTrue(evaluate(operand, scope)));
          case Expression.Comparison comparison -> compare(comparison, scope);
          case Expression.Conditional conditional -> conditional(conditional, scope);
          case Expression.Sign(Expression operand, boolean negative) ->
              Operators.sign(evaluate(operand, scope), negative, budget);
          case Expression.SequenceLiteral(List<Expression> items, boolean isTuple) ->
              new Value.Sequence(evaluateAll(items, scope), isTuple);
          case Expression.DictLiteral literal -> dict(literal, scope);
        };
    budget.leave();
    return value;
  }

  private List<Value> evaluateAll(List<Expression> expressions, Scope scope) {
    List<Value> values = new ArrayList<>(expressions.size());
    for (Expression expression : expressions) {
      values.add(evaluate(expression, scope));
    }
    return values;
  }

  private Value slice(Expression.Slice slice, Scope scope) {
    Value owner = evaluate(slice.owner(), scope);
    Value start = evaluate(slice.start(), scope);
    Value stop = evaluate(slice.stop(), scope);
    return Access.slice(owner, start, stop, evaluate(slice.step(), scope), budget);
  }

  /** Walks a chain such as {@code a + b + c} without recursion: chains can be long. */
  private Value binary(Expression.Binary outermost, Scope scope) {
    Deque<Expression.Binary> chain = new ArrayDeque<>();
    Expression first = outermost;
    while (first instanceof Expression.Binary binary) {
      chain.push(binary);
      first = binary.left();
    }
    Value value = evaluate(first, scope);
    for (Expression.Binary binary : chain) {
      budget.step();
      value = Operators.apply(binary.operator(), value, evaluate(binary.right(), scope), budget);
    }
    return value;
  }

  private Value concatenate(Expression.Concatenation concatenation, Scope scope) {
    StrBuilder text = new StrBuilder(budget);
    for (Expression operand : concatenation.operands()) {
      text.append(Printer.str(evaluate(operand, scope), budget));
    }
    return text.toStr();
  }

  private Value logical(Expression.Logical logical, Scope scope) {
    Value value = Value.None.NONE;
    for (Expression operand : logical.operands()) {
      value = evaluate(operand, scope);
      if (Value.isTrue(value) != logical.isAnd()) {
        break;
      }
    }
    return value;
  }

  private Value compare(Expression.Comparison comparison, Scope scope) {
    Value left = evaluate(comparison.first(), scope);
    for (Comparand comparand : comparison.rest()) {
      Value right = evaluate(comparand.operand(), scope);
      if (!holds(comparand.comparator(), left, right)) {
        return Value.Bool.FALSE;
      }
      left = right;
    }
    return Value.Bool.TRUE;
  }

  private boolean holds(Expression.Comparator comparator, Value left, Value right) {
    return switch (comparator) {
      case EQUAL -> Comparisons.equal(left, right, budget);
      case NOT_EQUAL -> !Comparisons.equal(left, right, budget);
      case LESS -> Comparisons.holds(Comparisons.Order.LESS, left, right, budget);
      case LESS_OR_EQUAL -> Comparisons.holds(Comparisons.Order.LESS_OR_EQUAL, left, right, budget);
      case GREATER -> Comparisons.holds(Comparisons.Order.GREATER, left, right, budget);
      case GREATER_OR_EQUAL ->
          Comparisons.holds(Comparisons.Order.GREATER_OR_EQUAL, left, right, budget);
      case IN -> Comparisons.contains(right, left, budget);
      case NOT_IN -> !Comparisons.contains(right, left, budget);
    };
  }

  private Value conditional(Expression.Conditional conditional, Scope scope) {
    boolean holds = Value.isTrue(evaluate(conditional.condition(), scope));
    return evaluate(holds ? conditional.value() : conditional.otherwise(), scope);
  }

  private Value dict(Expression.DictLiteral literal, Scope scope) {
    Dict dict = new Dict();
    for (Expression.Pair pair : literal.pairs()) {
      Value key = evaluate(pair.key(), scope);
      dict.put(key, evaluate(pair.value(), scope), budget);
    }
    return dict;
  }

  /** The value of a filter applied to {@code input}. */
  Value filter(Value input, Expression.FilterCall filter, Scope scope) {
    return Filters.named(filter.name()).apply(input, arguments(filter.arguments(), scope), this);
  }

  /** {@code callee(arguments)}. */
  Value call(Value callee, Arguments arguments) {
    Operators.refuseUndefined(callee, budget);
    if (callee instanceof Value.Callable callable) {
      return callable.call(arguments, this);
    }
    throw TemplateException.because("'" + callee.typeName() + "' object is not callable");
  }

  /** The values of the arguments of a call. */
  Arguments arguments(CallArguments written, Scope scope) {
    if (written.isEmpty()) {
      return Arguments.NONE;
    }
    List<Value> positional = evaluateAll(written.positional(), scope);
    Map<String, Value> keywords = new LinkedHashMap<>();
    for (Expression.Keyword keyword : written.keywords()) {
      addKeyword(keywords, keyword.name(), evaluate(keyword.value(), scope));
    }
    written
        .rest()
        .ifPresent(rest -> positional.addAll(Iteration.toList(evaluate(rest, scope), budget)));
    written.keywordRest().ifPresent(rest -> addKeywords(keywords, evaluate(rest, scope)));
    return new Arguments(positional, keywords);
  }

  private void addKeywords(Map<String, Value> keywords, Value added) {
    if (!(added instanceof Dict dict)) {
      throw TemplateException.because(
          "argument after ** must be a mapping, not " + added.typeName());
    }
    budget.steps(dict.size());
    for (Dict.Entry entry : dict.entries()) {
      addKeyword(keywords, Arguments.string(entry.key(), "keyword").text(), entry.value());
    }
  }

  private static void addKeyword(Map<String, Value> keywords, String name, Value value) {
    if (keywords.putIfAbsent(name, value) != null) {
      throw TemplateException.because("got multiple values for keyword argument '" + name + "'");
    }
  }
}
