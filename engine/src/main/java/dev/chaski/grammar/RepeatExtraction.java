package dev.chaski.grammar;

import dev.chaski.grammar.Expression.Characters;
import dev.chaski.grammar.Expression.Choice;
import dev.chaski.grammar.Expression.Literal;
import dev.chaski.grammar.Expression.Reference;
import dev.chaski.grammar.Expression.Repeat;
import dev.chaski.grammar.Expression.Sequence;
import java.util.ArrayList;
import java.util.List;

/**
 * Makes what is repeated many times a rule of its own, so that counting to a thousand costs a
 * thousand states and not a thousand times as many as the part has.
 */
final class RepeatExtraction {
  private static final int FEW_COPIES = 3;

  private final List<Rule> rules = new ArrayList<>();
  private final List<Rule> extracted = new ArrayList<>();
  private final int numGiven;

  private RepeatExtraction(List<Rule> given) {
    this.numGiven = given.size();
    for (Rule rule : given) {
      rules.add(new Rule(rule.name(), extract(rule.body(), rule.name())));
    }
    rules.addAll(extracted);
  }

  /** The rules with those made of repeated parts behind them. */
  static List<Rule> of(List<Rule> rules) {
    return new RepeatExtraction(rules).rules;
  }

  private Expression extract(Expression expression, String name) {
    return switch (expression) {
      case Literal _, Characters _, Reference _ -> expression;
      case Sequence(List<Expression> parts) -> new Sequence(extractAll(parts, name));
      case Choice(List<Expression> parts) -> new Choice(extractAll(parts, name));
      case Repeat repeat -> {
        Expression part = extract(repeat.part(), name);
        if (repeat.copies() > FEW_COPIES && !isSmall(part)) {
          extracted.add(new Rule(name, part));
          part = new Reference(numGiven + extracted.size() - 1);
        }
        yield new Repeat(part, repeat.min(), repeat.max());
      }
    };
  }

  private List<Expression> extractAll(List<Expression> parts, String name) {
    return parts.stream().map(part -> extract(part, name)).toList();
  }

  private static boolean isSmall(Expression part) {
    return switch (part) {
      case Reference _ -> true;
      case Characters(CodePoints set) -> set.isEmpty() || set.ranges().getLast().last() < 0x80;
      case Literal(String text) -> text.length() == 1 && text.charAt(0) < 0x80;
      case Sequence _, Choice _, Repeat _ -> false;
    };
  }
}
