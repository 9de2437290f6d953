package dev.chaski.grammar;

import dev.chaski.grammar.Expression.Reference;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Rules that are being collected; one may be referred to before it is defined. */
final class RuleSet {
  private static final int MAX_RULES = 50_000;

  private final List<String> names = new ArrayList<>();
  private final List<Expression> bodies = new ArrayList<>();
  private final Map<String, Integer> byName = new HashMap<>();

  /** The rule of this name, which may still have to be defined. */
  Reference reference(String name) {
    Integer known = byName.get(name);
    if (known == null) {
      if (names.size() == MAX_RULES) {
        throw new GrammarException("the grammar has more than %,d rules".formatted(MAX_RULES));
      }
      known = names.size();
      names.add(name);
      bodies.add(null);
      byName.put(name, known);
    }
    return new Reference(known);
  }

  /** Whether somebody referred to or defined a rule of this name. */
  boolean knows(String name) {
    return byName.containsKey(name);
  }

  boolean isDefined(Reference rule) {
    return bodies.get(rule.rule()) != null;
  }

  void define(Reference rule, Expression body) {
    bodies.set(rule.rule(), body);
  }

  /** A new rule, under this name if it is free. */
  Reference add(String name, Expression body) {
    String free = name;
    for (int i = 2; byName.containsKey(free); i++) {
      free = name + "-" + i;
    }
    Reference rule = reference(free);
    define(rule, body);
    return rule;
  }

  /** Takes over the rules of a grammar, and gives its root. */
  Reference addAll(Grammar grammar) {
    int offset = names.size();
    for (Rule rule : grammar.rules()) {
      names.add(rule.name());
      bodies.add(rule.body().shifted(offset));
      byName.putIfAbsent(rule.name(), names.size() - 1);
    }
    return new Reference(grammar.root() + offset);
  }

  /** The grammar of these rules, all of which are defined. */
  Grammar toGrammar(Reference root) {
    List<Rule> rules = new ArrayList<>();
    for (int i = 0; i < names.size(); i++) {
      if (bodies.get(i) == null) {
        throw new IllegalStateException("rule " + names.get(i) + " was never defined");
      }
      rules.add(new Rule(names.get(i), bodies.get(i)));
    }
    return new Grammar(rules, root.rule());
  }
}
