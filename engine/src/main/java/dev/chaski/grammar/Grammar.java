package dev.chaski.grammar;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Predicate;

/**
 * A set of texts, described by a context-free grammar. Immutable and safe for use by several
 * threads.
 *
 * <p>Made from GBNF ({@link #gbnf}), a JSON Schema ({@link #jsonSchema}), or put together from
 * other grammars ({@link #text}, {@link #sequence}, {@link #anyOf}). To keep generated tokens to
 * it, give it to a {@link TokenGrammar}.
 */
public final class Grammar {
  private final List<Rule> rules;
  private final int root;

  Grammar(List<Rule> rules, int root) {
    this.rules = List.copyOf(rules);
    this.root = root;
  }

  /**
   * A grammar in GBNF, the notation of llama.cpp; its rule {@code root} is the whole text.
   *
   * @throws GrammarException if it is not well-formed (with line and column), or too large
   */
  public static Grammar gbnf(String text) {
    return GbnfParser.parse(text);
  }

  /** Any JSON object. */
  public static Grammar jsonObject() {
    return JsonGrammar.anyObject();
  }

  /**
   * The JSON texts that are valid against a JSON Schema (draft 2020-12), with properties in the
   * order of the schema. Where a keyword cannot be followed exactly, fewer texts are in the grammar
   * than are valid, never others.
   *
   * @param schema a JSON text
   * @throws GrammarException if it is not a JSON Schema, has a keyword that is not supported (named
   *     with its JSON pointer), or nothing can be valid
   */
  public static Grammar jsonSchema(String schema) {
    return JsonSchemaGrammar.translate(schema);
  }

  /**
   * This text and no other.
   *
   * @throws GrammarException if it has an unpaired surrogate
   */
  public static Grammar text(String text) {
    for (int i = 0; i < text.length(); i += Character.charCount(text.codePointAt(i))) {
      if (Character.getType(text.codePointAt(i)) == Character.SURROGATE) {
        throw new GrammarException("the text has half of a surrogate pair at index " + i);
      }
    }
    return new Grammar(List.of(new Rule("text", Expression.literal(text))), 0);
  }

  /** A text of each, one after the other. */
  public static Grammar sequence(Grammar... parts) {
    RuleSet rules = new RuleSet();
    Expression[] roots = new Expression[parts.length];
    for (int i = 0; i < parts.length; i++) {
      roots[i] = rules.addAll(parts[i]);
    }
    return rules.toGrammar(rules.add("sequence", Expression.sequence(roots)));
  }

  /** A text of any one of them. */
  public static Grammar anyOf(Grammar... alternatives) {
    RuleSet rules = new RuleSet();
    Expression[] roots = new Expression[alternatives.length];
    for (int i = 0; i < alternatives.length; i++) {
      roots[i] = rules.addAll(alternatives[i]);
    }
    return rules.toGrammar(rules.add("any of", Expression.choice(roots)));
  }

  /**
   * Whether a text belongs to it. Takes some preparation each time.
   *
   * @throws GrammarException if it cannot be used: a rule can begin with itself, or it is too large
   */
  public boolean matches(String text) {
    return matcher().test(text);
  }

  /** Tells whether texts belong to it. */
  Predicate<String> matcher() {
    Parser parser = new Parser(AutomatonBuilder.build(this));
    return text -> {
      ParserState state = parser.start();
      for (byte value : text.getBytes(StandardCharsets.UTF_8)) {
        parser.allowEffort();
        state = parser.next(state, value);
      }
      return state.accepts;
    };
  }

  List<Rule> rules() {
    return rules;
  }

  int root() {
    return root;
  }
}
