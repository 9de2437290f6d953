package dev.chaski.chat.jinja;

import dev.chaski.chat.jinja.Expression.CallArguments;
import dev.chaski.chat.jinja.Expression.Comparand;
import dev.chaski.chat.jinja.Expression.Comparator;
import dev.chaski.chat.jinja.Expression.FilterCall;
import dev.chaski.chat.jinja.Expression.Keyword;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Parses expressions by operator precedence. From loose to tight: {@code if else}, {@code or},
 * {@code and}, {@code not}, comparisons and {@code in}, {@code + -}, {@code ~}, {@code * / // %},
 * {@code **}, signs; then what follows an operand: {@code .name}, {@code [item]}, {@code (call)},
 * and last {@code |filter} and {@code is test}. All binary operators group to the left, even {@code
 * **}, as in Jinja2.
 */
final class ExpressionParser {
  private static final Expression NONE = new Expression.Literal(Value.None.NONE);

  private final TokenStream tokens;
  private Set<String> namesRead = new HashSet<>();

  ExpressionParser(TokenStream tokens) {
    this.tokens = tokens;
  }

  /** The variables read since the last {@link #namesRead(Set) reset}. */
  Set<String> namesRead() {
    return namesRead;
  }

  /** From now on, collects the variables read into {@code names}. */
  void namesRead(Set<String> names) {
    namesRead = names;
  }

  /** An expression, or several with commas between: a tuple. */
  Expression tuple(boolean allowsIf) {
    Expression first = allowsIf ? expression() : operators(Precedence.OR);
    if (!tokens.isAtOperator(",")) {
      return first;
    }
    List<Expression> items = new ArrayList<>(List.of(first));
    while (tokens.skipOperator(",") && !isTupleEnd()) {
      items.add(allowsIf ? expression() : operators(Precedence.OR));
    }
    return new Expression.SequenceLiteral(items, true);
  }

  private boolean isTupleEnd() {
    return tokens.isAt(TokenType.OUTPUT_END)
        || tokens.isAt(TokenType.BLOCK_END)
        || tokens.isAtOperator(")")
        || tokens.isAtName("recursive");
  }

  /** One expression. */
  Expression expression() {
    tokens.enter();
    Expression value = operators(Precedence.OR);
    while (tokens.isAtName("if")) {
      int line = tokens.line();
      tokens.next();
      Expression condition = operators(Precedence.OR);
      Expression otherwise =
          tokens.skipName("else")
              ? expression()
              : new Expression.Literal(
                  Value.Undefined.because(
                      "the inline if-expression on line "
                          + line
                          + " evaluated to false and no else section was defined."));
      value = new Expression.Conditional(condition, value, otherwise);
    }
    tokens.leave();
    return value;
  }

  private Expression operators(int loosest) {
    if (loosest <= Precedence.NOT && tokens.isAtName("not")) {
      tokens.enter();
      tokens.next();
      Expression not = new Expression.Not(operators(Precedence.NOT));
      tokens.leave();
      return operators(not, loosest);
    }
    return operators(operand(true), loosest);
  }

  /** Adds to {@code left} all operators that bind at least as tightly as {@code loosest}. */
  private Expression operators(Expression first, int loosest) {
    Expression left = first;
    while (true) {
      int precedence = precedence();
      if (precedence < loosest) {
        return left;
      }
      left =
          switch (precedence) {
            case Precedence.OR, Precedence.AND -> logical(left, precedence);
            case Precedence.COMPARE -> comparison(left);
            case Precedence.CONCATENATE -> concatenation(left);
            default -> binary(left, precedence);
          };
    }
  }

  private int precedence() {
    return Precedence.of(tokens.current(), tokens.look());
  }

  private Expression logical(Expression first, int precedence) {
    List<Expression> operands = new ArrayList<>(List.of(first));
    while (precedence() == precedence) {
      tokens.next();
      operands.add(operators(precedence + 1));
    }
    return new Expression.Logical(operands, precedence == Precedence.AND);
  }

  private Expression comparison(Expression first) {
    List<Comparand> rest = new ArrayList<>();
    while (precedence() == Precedence.COMPARE) {
      Comparator comparator = comparator(tokens.next().text());
      rest.add(new Comparand(comparator, operators(Precedence.COMPARE + 1)));
    }
    return new Expression.Comparison(first, rest);
  }

  private Comparator comparator(String operator) {
    return switch (operator) {
      case "==" -> Comparator.EQUAL;
      case "!=" -> Comparator.NOT_EQUAL;
      case "<" -> Comparator.LESS;
      case "<=" -> Comparator.LESS_OR_EQUAL;
      case ">" -> Comparator.GREATER;
      case ">=" -> Comparator.GREATER_OR_EQUAL;
      case "in" -> Comparator.IN;
      default -> {
        tokens.expectName("in");
        yield Comparator.NOT_IN;
      }
    };
  }

  private Expression concatenation(Expression first) {
    List<Expression> operands = new ArrayList<>(List.of(first));
    while (tokens.skipOperator("~")) {
      operands.add(operators(Precedence.CONCATENATE + 1));
    }
    return new Expression.Concatenation(operands);
  }

  private Expression binary(Expression left, int precedence) {
    Operators.Binary operator = Operators.Binary.of(tokens.next().text());
    return new Expression.Binary(operator, left, operators(precedence + 1));
  }

  private Expression operand(boolean withFilters) {
    Expression operand;
    if (tokens.isAtOperator("-") || tokens.isAtOperator("+")) {
      tokens.enter();
      boolean negative = tokens.next().text().equals("-");
      operand = new Expression.Sign(operand(false), negative);
      tokens.leave();
    } else {
      operand = primary();
    }
    operand = postfix(operand);
    return withFilters ? filtersAndTests(operand) : operand;
  }

  private Expression primary() {
    Token token = tokens.current();
    return switch (token.type()) {
      case NAME -> {
        tokens.next();
        yield name(token.text());
      }
      case STRING -> {
        StringBuilder text = new StringBuilder();
        while (tokens.isAt(TokenType.STRING)) {
          text.append(tokens.next().text());
        }
        yield new Expression.Literal(Str.ofTemplate(text.toString()));
      }
      case INTEGER -> new Expression.Literal(integer());
      case FLOAT ->
          new Expression.Literal(new Value.Real(Double.parseDouble(tokens.next().text())));
      case OPERATOR -> bracketed();
      case DATA, BLOCK_BEGIN, BLOCK_END, OUTPUT_BEGIN, OUTPUT_END, END ->
          throw tokens.unexpected("an expression");
    };
  }

  private Expression name(String name) {
    return switch (name) {
      case "true", "True" -> new Expression.Literal(Value.Bool.TRUE);
      case "false", "False" -> new Expression.Literal(Value.Bool.FALSE);
      case "none", "None" -> NONE;
      default -> {
        namesRead.add(name);
        yield new Expression.Name(name);
      }
    };
  }

  private Value integer() {
    String digits = tokens.current().text().toLowerCase(Locale.ROOT);
    BigInteger value =
        Numbers.parseInteger(digits, 0)
            .filter(number -> number.bitLength() <= Budget.MAX_INTEGER_BITS)
            .orElseThrow(() -> tokens.fault("the integer that begins here is too large"));
    tokens.next();
    return new Value.Int(value);
  }

  private Expression bracketed() {
    if (tokens.skipOperator("(")) {
      Expression inside =
          tokens.isAtOperator(")") ? new Expression.SequenceLiteral(List.of(), true) : tuple(true);
      tokens.expectOperator(")");
      return inside;
    }
    if (tokens.skipOperator("[")) {
      List<Expression> items = new ArrayList<>();
      while (!tokens.isAtOperator("]")) {
        items.add(expression());
        separator("]");
      }
      tokens.next();
      return new Expression.SequenceLiteral(items, false);
    }
    if (tokens.skipOperator("{")) {
      List<Expression.Pair> pairs = new ArrayList<>();
      while (!tokens.isAtOperator("}")) {
        Expression key = expression();
        tokens.expectOperator(":");
        pairs.add(new Expression.Pair(key, expression()));
        separator("}");
      }
      tokens.next();
      return new Expression.DictLiteral(pairs);
    }
    throw tokens.unexpected("an expression");
  }

  private void separator(String end) {
    if (!tokens.isAtOperator(end)) {
      tokens.expectOperator(",");
    }
  }

  private Expression postfix(Expression operand) {
    Expression result = operand;
    while (true) {
      if (tokens.skipOperator(".")) {
        result = member(result);
      } else if (tokens.skipOperator("[")) {
        result = subscript(result);
      } else if (tokens.isAtOperator("(")) {
        result = new Expression.Call(result, arguments());
      } else {
        return result;
      }
    }
  }

  private Expression member(Expression owner) {
    if (tokens.isAt(TokenType.INTEGER)) {
      return new Expression.Item(owner, new Expression.Literal(integer()));
    }
    return new Expression.Attribute(owner, tokens.expect(TokenType.NAME).text());
  }

  private Expression subscript(Expression owner) {
    Expression start = tokens.isAtOperator(":") ? NONE : expression();
    if (tokens.skipOperator(":")) {
      Expression stop = tokens.isAtOperator(":") || tokens.isAtOperator("]") ? NONE : expression();
      Expression step = tokens.skipOperator(":") && !tokens.isAtOperator("]") ? expression() : NONE;
      tokens.expectOperator("]");
      return new Expression.Slice(owner, start, stop, step);
    }
    if (!tokens.isAtOperator(",")) {
      tokens.expectOperator("]");
      return new Expression.Item(owner, start);
    }
    List<Expression> keys = new ArrayList<>(List.of(start));
    while (tokens.skipOperator(",") && !tokens.isAtOperator("]")) {
      keys.add(expression());
    }
    tokens.expectOperator("]");
    return new Expression.Item(owner, new Expression.SequenceLiteral(keys, true));
  }

  /** The arguments of a call, with their parentheses. */
  private CallArguments arguments() {
    tokens.expectOperator("(");
    List<Expression> positional = new ArrayList<>();
    List<Keyword> keywords = new ArrayList<>();
    Optional<Expression> rest = Optional.empty();
    Optional<Expression> keywordRest = Optional.empty();
    while (!tokens.isAtOperator(")")) {
      if (keywordRest.isPresent()) {
        throw tokens.unexpected("')' after the ** argument");
      }
      if (tokens.skipOperator("**")) {
        keywordRest = Optional.of(expression());
      } else if (rest.isEmpty() && tokens.skipOperator("*")) {
        rest = Optional.of(expression());
      } else if (tokens.isAt(TokenType.NAME) && tokens.look().isOperator("=")) {
        String name = tokens.next().text();
        tokens.next();
        keywords.add(new Keyword(name, expression()));
      } else if (rest.isEmpty() && keywords.isEmpty()) {
        positional.add(expression());
      } else {
        throw tokens.unexpected("a keyword argument");
      }
      separator(")");
    }
    tokens.next();
    return new CallArguments(positional, keywords, rest, keywordRest);
  }

  private Expression filtersAndTests(Expression operand) {
    Expression result = operand;
    while (true) {
      if (tokens.skipOperator("|")) {
        result = new Expression.Filter(result, filter());
      } else if (tokens.skipName("is")) {
        result = test(result);
      } else if (tokens.isAtOperator("(")) {
        result = new Expression.Call(result, arguments());
      } else {
        return result;
      }
    }
  }

  /** {@code |filter} as often as it comes, without an operand before. */
  List<FilterCall> filters() {
    List<FilterCall> filters = new ArrayList<>();
    while (tokens.skipOperator("|")) {
      filters.add(filter());
    }
    return filters;
  }

  /** The name of a filter and its arguments. */
  FilterCall filter() {
    String name = tokens.expect(TokenType.NAME).text();
    return new FilterCall(name, tokens.isAtOperator("(") ? arguments() : CallArguments.NONE);
  }

  private Expression test(Expression subject) {
    boolean negated = tokens.skipName("not");
    String name = tokens.expect(TokenType.NAME).text();
    CallArguments arguments = CallArguments.NONE;
    if (tokens.isAtName("is")) {
      throw tokens.fault("found a second 'is', but tests cannot be chained");
    } else if (tokens.isAtOperator("(")) {
      arguments = arguments();
    } else if (startsTestArgument()) {
      arguments =
          new CallArguments(
              List.of(postfix(primary())), List.of(), Optional.empty(), Optional.empty());
    }
    Expression test = new Expression.Test(subject, name, arguments);
    return negated ? new Expression.Not(test) : test;
  }

  /** Whether an argument without parentheses follows the name of a test. */
  private boolean startsTestArgument() {
    Token token = tokens.current();
    return switch (token.type()) {
      case STRING, INTEGER, FLOAT -> true;
      case NAME -> !Set.of("else", "or", "and", "if", "not", "in").contains(token.text());
      case OPERATOR -> token.isOperator("[") || token.isOperator("{");
      case DATA, BLOCK_BEGIN, BLOCK_END, OUTPUT_BEGIN, OUTPUT_END, END -> false;
    };
  }
}
