package dev.chaski.grammar;

import dev.chaski.grammar.Expression.Characters;
import dev.chaski.grammar.Expression.Reference;
import dev.chaski.grammar.Expression.Repeat;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads grammars in GBNF, the notation of llama.cpp. A rule is {@code name ::= alternatives}; it
 * ends with the line, except inside parentheses and before or after {@code |}. The rule {@code
 * root} is what is generated.
 */
final class GbnfParser {
  private static final int MAX_LENGTH = 1 << 19;
  private static final int MAX_NESTING = 100;
  private static final int MAX_REPETITIONS = 10_000;
  private static final String ROOT = "root";

  private final GbnfText text;
  private final RuleSet rules = new RuleSet();
  private final Map<String, Integer> firstUse = new LinkedHashMap<>(); // to where in the text
  private int nesting;

  private GbnfParser(String text) {
    this.text = new GbnfText(text);
  }

  /**
   * The grammar that a text describes.
   *
   * @throws GrammarException if the text is not a grammar, or too large
   */
  static Grammar parse(String text) {
    if (text.length() > MAX_LENGTH) {
      throw new GrammarException(
          "grammar: %,d characters; at most %,d are read".formatted(text.length(), MAX_LENGTH));
    }
    return new GbnfParser(text).grammar();
  }

  private Grammar grammar() {
    text.skipSpace(true);
    while (!text.atEnd()) {
      rule();
      text.skipSpace(true);
    }
    firstUse.forEach((name, at) -> {
      if (!rules.isDefined(rules.reference(name))) {
        throw text.fault(at, "rule '" + name + "' is used but not defined");
      }
    });
    if (!rules.knows(ROOT)) {
      throw text.fault(text.position(), "there is no rule 'root'; expected 'root ::= ...'");
    }
    return rules.toGrammar(rules.reference(ROOT));
  }

  private void rule() {
    int start = text.position();
    String name = text.name("a rule, as in 'root ::= ...'");
    text.skipSpace(false);
    if (!text.take("::=")) {
      throw text.fault(text.position(), "expected '::=' after the rule name '" + name + "'");
    }
    Reference rule = rules.reference(name);
    if (rules.isDefined(rule)) {
      throw text.fault(start, "rule '" + name + "' is defined twice");
    }
    text.skipSpace(true);
    rules.define(rule, alternatives());
    if (!text.atEnd() && !text.takeLineEnd()) {
      throw text.fault(
          text.position(), "unexpected " + text.describe() + " in rule '" + name + "'");
    }
  }

  private Expression alternatives() {
    List<Expression> alternatives = new ArrayList<>();
    alternatives.add(sequence());
    while (text.takeBar(nesting > 0)) {
      text.skipSpace(true);
      alternatives.add(sequence());
    }
    return Expression.choice(alternatives);
  }

  private Expression sequence() {
    List<Expression> parts = new ArrayList<>();
    while (true) {
      text.skipSpace(nesting > 0);
      Expression part = part();
      if (part == null) {
        return Expression.sequence(parts);
      }
      parts.add(quantified(part));
    }
  }

  /** A symbol without its quantifiers, or null if there is none here. */
  private Expression part() {
    int c = text.peek();
    if (c == '"') {
      return literal();
    } else if (c == '[') {
      return characterClass();
    } else if (c == '(') {
      return group();
    } else if (c == '.') {
      text.next();
      return new Characters(CodePoints.ALL);
    } else if (c == '<' || c == '!') {
      throw text.fault(
          text.position(),
          "tokens cannot be named in a grammar here; write the text they stand for");
    } else if (GbnfText.isNameCharacter(c) && !text.isRuleStart()) {
      int at = text.position();
      String name = text.name("a rule");
      firstUse.putIfAbsent(name, at);
      return rules.reference(name);
    }
    return null;
  }

  private Expression group() {
    int open = text.position();
    if (++nesting > MAX_NESTING) {
      throw text.fault(open, "parentheses are nested more than %d deep".formatted(MAX_NESTING));
    }
    text.next();
    text.skipSpace(true);
    Expression inner = alternatives();
    if (text.peek() != ')') {
      throw text.fault(
          text.position(),
          "expected ')' for the '(' at " + text.place(open) + ", found " + text.describe());
    }
    text.next();
    nesting--;
    return inner;
  }

  private Expression literal() {
    int open = text.position();
    text.next();
    StringBuilder literal = new StringBuilder();
    while (text.peek() != '"') {
      literal.appendCodePoint(character(open, "string"));
    }
    text.next();
    return Expression.literal(literal.toString());
  }

  private Expression characterClass() {
    int open = text.position();
    text.next();
    boolean negated = text.take("^");
    List<CodePoints.Range> ranges = new ArrayList<>();
    while (text.peek() != ']') {
      int at = text.position();
      int first = character(open, "character class");
      int last = first;
      if (text.peek() == '-' && !text.lookingAt("-]")) {
        text.next();
        last = character(open, "character class");
        if (last < first) {
          throw text.fault(at, "the range ends before it begins");
        }
      }
      ranges.add(new CodePoints.Range(first, last));
    }
    text.next();
    CodePoints set = CodePoints.of(ranges);
    set = negated ? set.complement() : set;
    if (set.isEmpty()) {
      throw text.fault(open, "the character class matches no character");
    }
    return new Characters(set);
  }

  /** One character of a string or class, which may be escaped. */
  private int character(int open, String inside) {
    if (text.atEnd() || text.peek() == '\n' || text.peek() == '\r') {
      throw text.fault(open, "the " + inside + " has no end on its line");
    }
    int at = text.position();
    int c = text.next();
    if (c == '\\') {
      c = text.escape(at);
    }
    if (c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE) {
      throw text.fault(at, "half of a surrogate pair is no character; write it as \\U0001F600");
    }
    return c;
  }

  private Expression quantified(Expression symbol) {
    Expression part = symbol;
    for (int depth = 0; ; depth++) {
      text.skipSpace(nesting > 0);
      int at = text.position();
      Expression repeated =
          switch (text.peek()) {
            case '*' -> unbounded(part, 0);
            case '+' -> unbounded(part, 1);
            case '?' -> {
              text.next();
              yield Expression.optional(part);
            }
            case '{' -> counted(part);
            default -> null;
          };
      if (repeated == null) {
        return part;
      }
      if (depth == MAX_NESTING) {
        throw text.fault(at, "more than %d quantifiers in a row".formatted(MAX_NESTING));
      }
      part = repeated;
    }
  }

  private Expression unbounded(Expression part, int min) {
    text.next();
    return Expression.repeat(part, min, Repeat.UNBOUNDED);
  }

  private Expression counted(Expression part) {
    int open = text.position();
    text.next();
    text.skipSpace(nesting > 0);
    int min = text.integer(MAX_REPETITIONS);
    int max = min;
    text.skipSpace(nesting > 0);
    if (text.take(",")) {
      text.skipSpace(nesting > 0);
      max = text.peek() == '}' ? Repeat.UNBOUNDED : text.integer(MAX_REPETITIONS);
      text.skipSpace(nesting > 0);
    }
    if (!text.take("}")) {
      throw text.fault(text.position(), "expected '}', as in {2}, {2,} or {2,5}");
    }
    if (max != Repeat.UNBOUNDED && max < min) {
      throw text.fault(open, "{%d,%d} ends before it begins".formatted(min, max));
    }
    return Expression.repeat(part, min, max);
  }
}
