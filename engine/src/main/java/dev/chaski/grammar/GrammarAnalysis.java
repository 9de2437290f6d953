package dev.chaski.grammar;

import dev.chaski.grammar.Expression.Characters;
import dev.chaski.grammar.Expression.Choice;
import dev.chaski.grammar.Expression.Literal;
import dev.chaski.grammar.Expression.Reference;
import dev.chaski.grammar.Expression.Repeat;
import dev.chaski.grammar.Expression.Sequence;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/** What can be said about rules without running them, in time linear in the grammar. */
final class GrammarAnalysis {
  private GrammarAnalysis() {}

  /** Answers for an expression when the answers for rules are known so far. */
  private interface Question {
    boolean holds(Expression expression, boolean[] rules);
  }

  /** For each rule whether it matches the empty text. */
  static boolean[] nullable(List<Rule> rules) {
    return leastFixpoint(rules, GrammarAnalysis::isNullable);
  }

  /** For each rule whether it matches any text at all. */
  private static boolean[] productive(List<Rule> rules) {
    return leastFixpoint(rules, GrammarAnalysis::isProductive);
  }

  /** Whether any text belongs to a grammar. */
  static boolean hasText(Grammar grammar) {
    return productive(grammar.rules())[grammar.root()];
  }

  private static boolean isNullable(Expression expression, boolean[] rules) {
    return switch (expression) {
      case Literal _, Characters _ -> false;
      case Sequence(List<Expression> parts) -> parts.stream().allMatch(p -> isNullable(p, rules));
      case Choice(List<Expression> parts) -> parts.stream().anyMatch(p -> isNullable(p, rules));
      case Repeat(Expression part, int min, int _) -> min == 0 || isNullable(part, rules);
      case Reference(int rule) -> rules[rule];
    };
  }

  private static boolean isProductive(Expression expression, boolean[] rules) {
    return switch (expression) {
      case Literal _ -> true;
      case Characters(CodePoints set) -> !set.isEmpty();
      case Sequence(List<Expression> parts) -> parts.stream().allMatch(p -> isProductive(p, rules));
      case Choice(List<Expression> parts) -> parts.stream().anyMatch(p -> isProductive(p, rules));
      case Repeat(Expression part, int min, int _) -> min == 0 || isProductive(part, rules);
      case Reference(int rule) -> rules[rule];
    };
  }

  private static boolean[] leastFixpoint(List<Rule> rules, Question question) {
    boolean[] holds = new boolean[rules.size()];
    List<List<Integer>> users = new ArrayList<>();
    ArrayDeque<Integer> open = new ArrayDeque<>();
    for (int i = 0; i < rules.size(); i++) {
      users.add(new ArrayList<>());
      open.add(i);
    }
    for (int i = 0; i < rules.size(); i++) {
      addUses(i, rules.get(i).body(), users);
    }
    while (!open.isEmpty()) {
      int rule = open.remove();
      if (!holds[rule] && question.holds(rules.get(rule).body(), holds)) {
        holds[rule] = true;
        open.addAll(users.get(rule));
      }
    }
    return holds;
  }

  private static void addUses(int user, Expression expression, List<List<Integer>> users) {
    switch (expression) {
      case Literal _, Characters _ -> {}
      case Sequence(List<Expression> parts) -> parts.forEach(p -> addUses(user, p, users));
      case Choice(List<Expression> parts) -> parts.forEach(p -> addUses(user, p, users));
      case Repeat(Expression part, int _, int _) -> addUses(user, part, users);
      case Reference(int rule) -> {
        List<Integer> known = users.get(rule);
        if (known.isEmpty() || known.getLast() != user) {
          known.add(user);
        }
      }
    }
  }

  /**
   * The same language without alternatives that can never be completed: whoever follows such rules
   * always has a way to the end.
   *
   * @throws GrammarException if the root itself cannot be completed
   */
  static List<Rule> withoutDeadEnds(Grammar grammar) {
    List<Rule> rules = grammar.rules();
    boolean[] productive = productive(rules);
    if (!productive[grammar.root()]) {
      throw new GrammarException(
          "rule '"
              + rules.get(grammar.root()).name()
              + "' matches no text that ends: each of its alternatives needs something that matches"
              + " nothing, or itself again");
    }
    List<Rule> pruned = new ArrayList<>();
    for (Rule rule : rules) {
      pruned.add(new Rule(rule.name(), prune(rule.body(), productive)));
    }
    return pruned;
  }

  private static Expression prune(Expression expression, boolean[] productive) {
    return switch (expression) {
      case Literal _, Characters _, Reference _ when isProductive(expression, productive) ->
          expression;
      case Literal _, Characters _, Reference _ -> Expression.never();
      case Sequence(List<Expression> parts) when isProductive(expression, productive) ->
          new Sequence(parts.stream().map(part -> prune(part, productive)).toList());
      case Sequence _ -> Expression.never();
      case Choice(List<Expression> parts) ->
          Expression.choice(
              parts.stream()
                  .filter(part -> isProductive(part, productive))
                  .map(part -> prune(part, productive))
                  .toList());
      case Repeat(Expression part, int min, int max) when isProductive(part, productive) ->
          new Repeat(prune(part, productive), min, max);
      case Repeat(Expression _, int min, int _) ->
          min == 0 ? Expression.empty() : Expression.never();
    };
  }
}
