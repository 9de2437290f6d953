package dev.chaski.chat.jinja;

import dev.chaski.chat.jinja.Expression.FilterCall;
import dev.chaski.chat.jinja.Statement.Binding;
import dev.chaski.chat.jinja.Statement.Branch;
import dev.chaski.chat.jinja.Statement.MacroBody;
import dev.chaski.chat.jinja.Statement.Parameter;
import dev.chaski.chat.jinja.Statement.Target;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Parses text and tags into {@link Statement}s. */
final class Parser {
  private static final Set<String> CONSTANTS =
      Set.of("true", "True", "false", "False", "none", "None");

  private static final String TAGS =
      "if, for, set, macro, call, filter, with, print, generation, break, continue or raw";

  private final TokenStream tokens;
  private final ExpressionParser expressions;

  /** How many loops are open in the current macro. */
  private int loops;

  private Parser(Source source) {
    this.tokens = new TokenStream(source);
    this.expressions = new ExpressionParser(tokens);
  }

  /** The statements of a whole template. */
  static List<Statement> parse(Source source) {
    Parser parser = new Parser(source);
    List<Statement> statements = parser.statements(Set.of());
    if (!parser.tokens.isAt(TokenType.END)) {
      throw parser.tokens.unexpected("the end of the template");
    }
    return statements;
  }

  /** Statements up to a tag named in {@code ends}; that name is then the current token. */
  private List<Statement> statements(Set<String> ends) {
    tokens.enter();
    List<Statement> statements = new ArrayList<>();
    while (!tokens.isAt(TokenType.END)) {
      switch (tokens.current().type()) {
        case DATA -> statements.add(new Statement.Text(Str.ofTemplate(tokens.next().text())));
        case OUTPUT_BEGIN -> {
          tokens.next();
          int line = tokens.line();
          statements.add(new Statement.Output(expressions.tuple(true), line));
          tokens.expect(TokenType.OUTPUT_END);
        }
        default -> {
          tokens.expect(TokenType.BLOCK_BEGIN);
          if (tokens.isAt(TokenType.NAME) && ends.contains(tokens.current().text())) {
            tokens.leave();
            return statements;
          }
          statements.add(tag());
          tokens.expect(TokenType.BLOCK_END);
        }
      }
    }
    if (!ends.isEmpty()) {
      String expected =
          ends.stream()
              .sorted()
              .map(end -> "'{% " + end + " %}'")
              .collect(Collectors.joining(", "));
      throw tokens.unexpected(expected);
    }
    tokens.leave();
    return statements;
  }

  /** The end of the current tag and the statements up to an end tag, whose name is left behind. */
  private List<Statement> body(String end) {
    List<Statement> body = bodyUntil(Set.of(end));
    tokens.next();
    return body;
  }

  private List<Statement> bodyUntil(Set<String> ends) {
    tokens.skipOperator(":");
    tokens.expect(TokenType.BLOCK_END);
    return statements(ends);
  }

  private Statement tag() {
    int line = tokens.line();
    Token tag = tokens.expect(TokenType.NAME);
    String name = tag.text();
    return switch (name) {
      case "if" -> ifTag();
      case "for" -> forTag(line);
      case "set" -> setTag(line);
      case "macro" -> macroTag();
      case "call" -> callTag(line);
      case "filter" -> filterTag(line);
      case "with" -> withTag(line);
      case "print" -> printTag(line);
      case "generation" -> new Statement.With(List.of(), body("endgeneration"), line);
      case "break", "continue" -> {
        if (loops == 0) {
          throw tokens.fault(tag, "found '" + name + "' outside of a loop");
        }
        yield name.equals("break") ? new Statement.Break() : new Statement.Continue();
      }
      case "extends", "include", "import", "from", "block" ->
          throw tokens.fault(
              tag,
              "the tag '" + name + "' is not supported: a chat template is one text of its own");
      default -> throw tokens.fault(tag, "found the tag '" + name + "', expected " + TAGS);
    };
  }

  private Statement ifTag() {
    List<Branch> branches = new ArrayList<>();
    List<Statement> otherwise = List.of();
    String end;
    do {
      int line = tokens.line();
      Expression condition = expressions.tuple(false);
      branches.add(new Branch(condition, bodyUntil(Set.of("elif", "else", "endif")), line));
      end = tokens.next().text();
    } while (end.equals("elif"));
    if (end.equals("else")) {
      otherwise = body("endif");
    }
    return new Statement.If(branches, otherwise);
  }

  private Statement forTag(int line) {
    Target target = target(false);
    if (namesOf(target).contains("loop")) {
      throw tokens.fault("'loop' cannot be the variable of a loop, for it describes the loop");
    }
    tokens.expectName("in");
    Expression iterable = expressions.tuple(false);
    Expression condition =
        tokens.skipName("if") ? expressions.expression() : new Expression.Literal(Value.Bool.TRUE);
    boolean recursive = tokens.skipName("recursive");
    loops++;
    List<Statement> body = bodyUntil(Set.of("else", "endfor"));
    loops--;
    boolean hasElse = tokens.next().text().equals("else");
    List<Statement> otherwise = hasElse ? body("endfor") : List.of();
    return new Statement.For(target, iterable, condition, recursive, body, otherwise, line);
  }

  private static List<String> namesOf(Target target) {
    return switch (target) {
      case Statement.NameTarget(String name) -> List.of(name);
      case Statement.AttributeTarget _ -> List.of();
      case Statement.TupleTarget(List<Target> targets) ->
          targets.stream().flatMap(part -> namesOf(part).stream()).toList();
    };
  }

  private Statement setTag(int line) {
    Target target = target(true);
    if (tokens.skipOperator("=")) {
      return new Statement.Assign(target, expressions.tuple(true), line);
    }
    List<FilterCall> filters = expressions.filters();
    return new Statement.AssignBlock(target, filters, body("endset"), line);
  }

  private Statement macroTag() {
    String name = assignable(tokens.expect(TokenType.NAME));
    return new Statement.MacroDefinition(macro(name, "endmacro"));
  }

  private Statement callTag(int line) {
    Set<String> outerNames = expressions.namesRead();
    expressions.namesRead(new HashSet<>());
    List<Parameter> parameters = tokens.isAtOperator("(") ? parameters() : List.of();
    if (!(expressions.expression() instanceof Expression.Call call)) {
      throw tokens.unexpected("the call of a macro in the tag 'call'");
    }
    MacroBody caller = macroBody("caller", parameters, "endcall", outerNames);
    return new Statement.CallBlock(caller, call, line);
  }

  /** Parameters and body of a macro. */
  private MacroBody macro(String name, String end) {
    Set<String> outerNames = expressions.namesRead();
    expressions.namesRead(new HashSet<>());
    return macroBody(name, parameters(), end, outerNames);
  }

  private MacroBody macroBody(
      String name, List<Parameter> parameters, String end, Set<String> outerNames) {
    int outerLoops = loops;
    loops = 0;
    List<Statement> body = body(end);
    loops = outerLoops;
    Set<String> names = expressions.namesRead();
    outerNames.addAll(names);
    expressions.namesRead(outerNames);
    return new MacroBody(
        name, parameters, body, names.contains("varargs"), names.contains("kwargs"));
  }

  private List<Parameter> parameters() {
    List<Parameter> parameters = new ArrayList<>();
    tokens.expectOperator("(");
    boolean optional = false;
    Set<String> names = new HashSet<>();
    while (!tokens.isAtOperator(")")) {
      Token nameToken = tokens.expect(TokenType.NAME);
      String name = assignable(nameToken);
      if (!names.add(name)) {
        throw tokens.fault(nameToken, "found a second parameter '" + name + "'");
      }
      Expression absent =
          new Expression.Literal(
              Value.Undefined.because("parameter '" + name + "' was not provided"));
      if (tokens.skipOperator("=")) {
        absent = expressions.expression();
        optional = true;
      } else if (optional) {
        throw tokens.unexpected("a default, for a parameter before has one");
      }
      parameters.add(new Parameter(name, absent));
      if (!tokens.isAtOperator(")")) {
        tokens.expectOperator(",");
      }
    }
    tokens.next();
    return parameters;
  }

  private Statement filterTag(int line) {
    List<FilterCall> filters = new ArrayList<>(List.of(expressions.filter()));
    filters.addAll(expressions.filters());
    return new Statement.FilterBlock(filters, body("endfilter"), line);
  }

  private Statement printTag(int line) {
    List<Expression> values = new ArrayList<>(List.of(expressions.expression()));
    while (tokens.skipOperator(",")) {
      values.add(expressions.expression());
    }
    return new Statement.Output(new Expression.Concatenation(values), line);
  }

  private Statement withTag(int line) {
    List<Binding> bindings = new ArrayList<>();
    while (!tokens.isAt(TokenType.BLOCK_END)) {
      if (!bindings.isEmpty()) {
        tokens.expectOperator(",");
      }
      Target target = target(false);
      tokens.expectOperator("=");
      bindings.add(new Binding(target, expressions.expression()));
    }
    return new Statement.With(bindings, body("endwith"), line);
  }

  /** One or several names, with commas between. */
  private Target target(boolean allowsAttributes) {
    tokens.enter();
    Target first = singleTarget(allowsAttributes);
    Target target = first;
    if (tokens.isAtOperator(",")) {
      List<Target> targets = new ArrayList<>(List.of(first));
      while (tokens.skipOperator(",") && !tokens.isAtName("in") && !tokens.isAtOperator(")")) {
        targets.add(singleTarget(allowsAttributes));
      }
      target = new Statement.TupleTarget(targets);
    }
    tokens.leave();
    return target;
  }

  private Target singleTarget(boolean allowsAttributes) {
    if (tokens.skipOperator("(")) {
      Target target = target(allowsAttributes);
      tokens.expectOperator(")");
      return target;
    }
    String name = assignable(tokens.expect(TokenType.NAME));
    return allowsAttributes && tokens.skipOperator(".")
        ? new Statement.AttributeTarget(name, tokens.expect(TokenType.NAME).text())
        : new Statement.NameTarget(name);
  }

  private String assignable(Token name) {
    if (CONSTANTS.contains(name.text())) {
      throw tokens.fault(name, name.description() + " is a constant and cannot be assigned to");
    }
    return name.text();
  }
}
